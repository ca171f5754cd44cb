// SPDX-License-Identifier: Apache-2.0
// Beast's own deflate in a gzip envelope: no further library.
#include "server/gzip.hpp"

#include <array>
#include <cstdint>

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>

#include "core/result.hpp"

namespace amate::server {
namespace {

void append_little_endian(std::string& out, std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>(static_cast<unsigned char>(number >> shift));
    }
}

}  // namespace

std::string gzip(std::string_view bytes) {
    namespace zlib = boost::beast::zlib;
    // SPEC: RFC 1952 2.3: magic, deflate, no flags, no time, no extra flags, unknown system.
    constexpr std::array<char, 10> kHeader = {'\x1f', '\x8b', 8, 0, 0, 0, 0, 0, 0, '\xff'};
    std::string packed(kHeader.begin(), kHeader.end());
    zlib::deflate_stream stream;
    stream.reset(6, 15, 8, zlib::Strategy::normal);
    const auto start = packed.size();
    packed.resize(start + stream.upper_bound(bytes.size()) + 64);
    zlib::z_params work;
    work.next_in = bytes.data();
    work.avail_in = bytes.size();
    work.next_out = packed.data() + start;
    work.avail_out = packed.size() - start;
    boost::system::error_code error;
    stream.write(work, zlib::Flush::finish, error);
    AMATE_CHECK(error == zlib::error::end_of_stream);
    packed.resize(start + work.total_out);
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    append_little_endian(packed, crc.checksum());
    append_little_endian(packed, static_cast<std::uint32_t>(bytes.size()));
    return packed;
}

}  // namespace amate::server
