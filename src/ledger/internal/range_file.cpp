// SPDX-License-Identifier: Apache-2.0
// Lines of JSON: the header, then the entries by rising number (docs/formats/ledger.md).
#include "ledger/internal/range_file.hpp"

#include <boost/json.hpp>

#include "ledger/internal/entry_json.hpp"

namespace amate::ledger::internal {
namespace {

namespace json = boost::json;

constexpr std::size_t kLineMax = 64U << 20U;

std::optional<Seal> seal_in(const json::object& object, const char* name, const PublicKey& key) {
    const auto* item = object.if_contains(name);
    if (item == nullptr) return std::nullopt;
    auto read = parse_seal(json::serialize(*item));
    if (!read || read->key != key || read->seal.size < 1) return std::nullopt;
    return std::move(read->seal);
}

std::optional<TreePath> peaks_in(const json::object& object) {
    const auto* items = object.if_contains("peaks");
    if (items == nullptr || !items->is_array()) return std::nullopt;
    TreePath path;
    for (const auto& item : items->get_array()) {
        const auto hash =
            item.is_string() ? crypto::digest_from_hex(item.get_string()) : std::nullopt;
        if (!hash) return std::nullopt;
        path.push_back(*hash);
    }
    return path;
}

std::optional<RangeHeader> parse_header(std::string_view line) {
    json::error_code fault;
    const auto value = json::parse(line, fault);
    if (fault || !value.is_object()) return std::nullopt;
    const auto& object = value.get_object();
    const auto* format = object.if_contains("format");
    const auto* key_item = object.if_contains("public_key");
    if (format == nullptr || *format != "amate-ledger-range-1" || key_item == nullptr ||
        !key_item->is_string()) {
        return std::nullopt;
    }
    const auto key = parse_public_key(key_item->get_string());
    if (!key) return std::nullopt;
    RangeHeader header;
    header.key = *key;
    const auto to = seal_in(object, "to", *key);
    const auto peaks = peaks_in(object);
    if (!to || !peaks) return std::nullopt;
    header.to = *to;
    header.peaks = *peaks;
    if (object.contains("from")) {
        header.from = seal_in(object, "from", *key);
        if (!header.from || header.from->size >= header.to.size) return std::nullopt;
    }
    return header;
}

}  // namespace

std::string to_line(const RangeHeader& header) {
    const auto key = crypto::to_hex(header.key);
    json::array peaks;
    for (const auto& hash : header.peaks) peaks.emplace_back(crypto::to_hex(hash));
    json::object object{{"format", "amate-ledger-range-1"}, {"public_key", key}};
    if (header.from) object["from"] = json::parse(to_json(*header.from, key));
    object["peaks"] = std::move(peaks);
    object["to"] = json::parse(to_json(header.to, key));
    return json::serialize(object);
}

tl::unexpected<Problems> RangeReader::damaged() const {
    Problem problem{"ledger.range_damaged", {}, {{"line", std::to_string(line_)}}};
    problem.place.file = name_;
    problem.place.line = static_cast<int>(line_);
    return fail(std::move(problem));
}

Result<RangeReader> RangeReader::open(const std::filesystem::path& file) {
    RangeReader reader;
    reader.name_ = file.filename().string();
    reader.stream_.open(file, std::ios::binary);
    if (!reader.stream_) throw IoFailure("cannot read " + reader.name_);
    reader.line_ = 1;
    std::string line;
    if (!std::getline(reader.stream_, line) || line.size() > kLineMax) return reader.damaged();
    auto header = parse_header(line);
    if (!header) return reader.damaged();
    auto tree = GrowingTree::from_peaks(header->after(), header->peaks);
    const bool grows_on =
        tree && (!header->from || crypto::to_hex(tree->root()) == header->from->root);
    if (!grows_on) return reader.damaged();
    reader.tree_ = std::move(*tree);
    if (!header->from) reader.previous_hash_ = kNoHash;
    reader.header_ = std::move(*header);
    return reader;
}

Result<bool> RangeReader::next(StoredEntry& stored) {
    ++line_;
    std::string line;
    if (!std::getline(stream_, line)) return finish();
    auto entry = line.size() > kLineMax ? std::nullopt : parse_entry(line);
    const bool follows = entry && entry->entry.seq == tree_.size() + 1 &&
                         (previous_hash_.empty() || entry->entry.previous_hash == previous_hash_);
    if (!follows || tree_.size() >= header_.to.size ||
        !entry_signature_holds(entry->entry.hash, entry->signature, header_.key)) {
        return damaged();
    }
    stored = std::move(*entry);
    previous_hash_ = stored.entry.hash;
    tree_.add(leaf_hash(*crypto::digest_from_hex(previous_hash_)), [](const TreeNode&) {});
    return true;
}

Result<bool> RangeReader::finish() {
    if (stream_.bad()) throw IoFailure("cannot read " + name_);
    const bool sealed =
        tree_.size() == header_.to.size && crypto::to_hex(tree_.root()) == header_.to.root;
    if (!sealed) return damaged();
    return false;
}

}  // namespace amate::ledger::internal
