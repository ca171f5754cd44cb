// SPDX-License-Identifier: Apache-2.0
// Giving a range out, keeping one, and holding one against the ledger.
#include "ledger/witness.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "ledger/internal/entry_json.hpp"
#include "ledger/internal/range_file.hpp"
#include "ledger/internal/seal_store.hpp"
#include "store/durable_file.hpp"

namespace amate::ledger {
namespace {

namespace fs = std::filesystem;

Result<Seal> seal_of(store::Session& session, const internal::PublicKey& key,
                     std::optional<std::int64_t> size) {
    const auto latest = internal::find_last_seal(session);
    if (!latest) return fail(Problem{"ledger.no_seal", {}, {}});
    auto seal = size ? internal::find_seal(session, *size) : latest;
    if (!seal) {
        return fail(
            Problem{"ledger.no_seal_of_size",
                    {},
                    {{"size", std::to_string(*size)}, {"latest", std::to_string(latest->size)}}});
    }
    if (!internal::seal_signature_holds(*seal, key)) {
        return fail(Problem{"ledger.seal_changed", {}, {{"number", std::to_string(seal->number)}}});
    }
    return *std::move(seal);
}

Result<void> same_ledger(const internal::PublicKey& theirs, const internal::PublicKey& ours) {
    if (theirs == ours) return {};
    return fail(Problem{"ledger.other_ledger",
                        {},
                        {{"theirs", crypto::to_hex(theirs)}, {"ours", crypto::to_hex(ours)}}});
}

tl::unexpected<Problems> differs(const Seal& seal) {
    return fail(
        Problem{"ledger.seal_differs",
                {},
                {{"number", std::to_string(seal.number)}, {"size", std::to_string(seal.size)}}});
}

// That the first `seal.size` entries here give the root of a seal kept elsewhere.
Result<void> gives_root(store::Session& session, const Seal& seal) {
    internal::GrowingTree tree;
    bool whole = true;
    internal::for_each_stored_entry(session, 0, [&](const internal::StoredEntry& stored) {
        if (tree.size() == seal.size) return false;
        const auto hash = crypto::digest_from_hex(stored.entry.hash);
        whole = hash && stored.entry.seq == tree.size() + 1;
        if (whole) tree.add(internal::leaf_hash(*hash), [](const internal::TreeNode&) {});
        return whole;
    });
    if (whole && tree.size() < seal.size) {
        return fail(Problem{
            "ledger.shorter_than_witnessed",
            {},
            {{"entries", std::to_string(tree.size())}, {"size", std::to_string(seal.size)}}});
    }
    if (!whole || crypto::to_hex(tree.root()) != seal.root) return differs(seal);
    return {};
}

// That each entry of the range is the one here; names the first that is not.
Result<void> has_entries(store::Session& session, internal::RangeReader& reader) {
    internal::StoredEntry theirs;
    Problems problems;
    std::int64_t entries = 0;
    if (const auto last = internal::find_last_entry(session)) entries = last->entry.seq;
    while (true) {
        AMATE_TRY(const bool more, reader.next(theirs));
        if (!more) break;
        if (!problems.empty()) continue;  // first, whether the range itself holds
        const auto seq = theirs.entry.seq;
        if (seq > entries) {
            problems.push_back({"ledger.shorter_than_witnessed",
                                {},
                                {{"entries", std::to_string(entries)},
                                 {"size", std::to_string(reader.header().to.size)}}});
            continue;
        }
        const auto ours = internal::find_entry(session, seq);
        if (!ours || ours->entry.hash != theirs.entry.hash) {
            problems.push_back({"ledger.fork", {}, {{"seq", std::to_string(seq)}}});
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    return {};
}

bool is_seal(const fs::path& file) {
    return fs::file_size(file) < 10'000 &&
           internal::parse_seal(store::read_small_file(file)).has_value();
}

}  // namespace

Result<Seal> export_range(store::Session& session, const fs::path& keys, std::int64_t from,
                          std::optional<std::int64_t> to, const fs::path& file) {
    internal::RangeHeader header;
    AMATE_TRY(header.key, internal::load_public_key(keys));
    const auto view = session.read_view();
    AMATE_TRY(header.to, seal_of(session, header.key, to));
    if (from > 0) {
        AMATE_TRY(header.from, seal_of(session, header.key, from));
        header.peaks = internal::GrowingTree(from, internal::node_reader(session)).peaks();
    }
    if (from < 0 || from >= header.to.size) {
        return fail(
            Problem{"ledger.no_seal_of_size",
                    {},
                    {{"size", std::to_string(from)}, {"latest", std::to_string(header.to.size)}}});
    }
    auto unfinished = file;
    unfinished += ".tmp";
    std::ofstream stream(unfinished, std::ios::binary | std::ios::trunc);
    stream << internal::to_line(header) << '\n';
    internal::for_each_stored_entry(session, from, [&](const internal::StoredEntry& stored) {
        if (stored.entry.seq > header.to.size) return false;
        stream << boost::json::serialize(internal::json_of(stored)) << '\n';
        return stream.good();
    });
    stream.close();
    std::error_code error;
    if (stream) fs::rename(unfinished, file, error);
    if (!stream || error) {
        std::error_code ignored;
        fs::remove(unfinished, ignored);
        throw IoFailure(fmt::format("cannot write {}", file.filename().string()));
    }
    return header.to;
}

Result<Witnessed> witness_range(store::Session& session, const fs::path& keys, Clock& clock,
                                const Actor& actor, const fs::path& file) {
    UnitOfWork unit(session, keys, clock, actor);
    AMATE_TRY(auto witnessed, unit.keep_range(file));
    if (witnessed.added == 0) return witnessed;
    unit.commit({"ledger.witness",
                 {},
                 {},
                 {},
                 boost::json::serialize(boost::json::object{{"ledger", witnessed.ledger},
                                                            {"number", witnessed.seal.number},
                                                            {"size", witnessed.seal.size},
                                                            {"root", witnessed.seal.root}})});
    return witnessed;
}

Result<Seal> check_against(store::Session& session, const fs::path& keys, const fs::path& file) {
    AMATE_TRY(const auto key, internal::load_public_key(keys));
    const auto view = session.read_view();
    if (is_seal(file)) {
        const auto kept = internal::parse_seal(store::read_small_file(file));
        AMATE_TRY_VOID(same_ledger(kept->key, key));
        AMATE_TRY_VOID(gives_root(session, kept->seal));
        return kept->seal;
    }
    AMATE_TRY(auto reader, internal::RangeReader::open(file));
    AMATE_TRY_VOID(same_ledger(reader.header().key, key));
    AMATE_TRY_VOID(has_entries(session, reader));
    AMATE_TRY_VOID(gives_root(session, reader.header().to));
    return reader.header().to;
}

}  // namespace amate::ledger
