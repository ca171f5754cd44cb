// SPDX-License-Identifier: Apache-2.0
// A transaction with its entry: rows sealed as they come, the entry chained and signed at the end.
#include "ledger/unit_of_work.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/moment.hpp"
#include "ledger/internal/restoring.hpp"
#include "ledger/internal/rows_digest.hpp"
#include "ledger/internal/seal.hpp"
#include "ledger/internal/sealing.hpp"
#include "ledger/internal/witness_store.hpp"
#include "store/field_cipher.hpp"
#include "store/schema.hpp"

namespace amate::ledger {
namespace {

// The rows of one register within a unit.
struct Adding {
    std::unique_ptr<store::Session::Inserter> inserter;
    std::unique_ptr<RowMaker> maker;
    internal::RowsDigest rows;  // since the last entry
    SealedRow row;
};

}  // namespace

struct UnitOfWork::State {
    store::Session& session;
    const store::WriteKey& key;
    Clock& clock;
    Actor actor;
    std::optional<internal::Sealer> sealer;
    std::filesystem::path keys_folder;
    Entry last;  // seq 0 and no hash before the first
    std::map<std::string, Adding, std::less<>> adding;
    store::SchemaChange schema;
    std::optional<internal::KeptAttachment> attachment;  // since the last entry
    std::int64_t recorded = 0;                           // entries
    bool ended = false;

    void open_seal(const std::filesystem::path& keys);
    void check_end();
    [[nodiscard]] std::string now() { return internal::moment_after(last.at, clock.unix_ms()); }
    Adding& adding_to(const definitions::Register& register_);
    [[nodiscard]] std::map<std::string, internal::RowsClaim> claims() const;
};

void UnitOfWork::State::open_seal(const std::filesystem::path& keys) {
    last.hash = internal::kNoHash;
    if (auto stored = internal::find_last_entry(session)) last = std::move(stored->entry);
    if (internal::Sealer::has_key(keys)) {
        sealer.emplace(internal::Sealer::open(keys));
    } else if (last.seq == 0) {
        sealer.emplace(internal::Sealer::make(keys, internal::moment_of(clock.unix_ms())));
    } else {
        throw IoFailure(
            "the ledger's signing key is missing: restore the folder keys from its "
            "copy; nothing is written before that");
    }
    check_end();
}

// Writing on after a cut would sign the cut. Entries newer than the head are those of a crash
// between commit and head, and must hold by themselves.
void UnitOfWork::State::check_end() {
    const auto& head = sealer->head();
    auto expected_hash = internal::kNoHash;
    if (head.seq > 0) {
        const auto stored = internal::find_entry(session, head.seq);
        expected_hash = stored ? stored->entry.hash : std::string();
    }
    bool sound = head.hash == expected_hash;
    std::int64_t seq = head.seq;
    std::string previous = head.hash;
    internal::for_each_stored_entry(session, head.seq, [&](const internal::StoredEntry& stored) {
        const auto& entry = stored.entry;
        sound = sound && entry.seq == ++seq && entry.previous_hash == previous &&
                hash_of(entry) == entry.hash &&
                internal::entry_signature_holds(entry.hash, stored.signature, sealer->public_key());
        previous = entry.hash;
        return sound;
    });
    if (!sound) {
        throw IoFailure(
            fmt::format("the ledger does not end where its signed head says (entry "
                        "{}): run `amate verify`; nothing is written before that",
                        head.seq));
    }
}

Adding& UnitOfWork::State::adding_to(const definitions::Register& register_) {
    const auto found = adding.find(register_.name);
    if (found != adding.end()) return found->second;
    auto inserter = session.inserter(key, store::table_of(register_), store::columns_of(register_));
    return adding.emplace(register_.name, Adding{std::move(inserter), {}, {}, {}}).first->second;
}

std::map<std::string, internal::RowsClaim> UnitOfWork::State::claims() const {
    std::map<std::string, internal::RowsClaim> claims;
    for (const auto& [name, each] : adding) {
        if (each.rows.added() > 0) claims[name] = each.rows.claim();
    }
    return claims;
}

const store::WriteKey& UnitOfWork::key() {
    static const store::WriteKey kKey;
    return kKey;
}

UnitOfWork::UnitOfWork(std::unique_ptr<State> state) : state_(std::move(state)) {}

UnitOfWork::UnitOfWork(store::Session& session, const std::filesystem::path& keys, Clock& clock,
                       Actor actor) {
    session.begin(key());
    try {
        state_.reset(
            new State{session, key(), clock, std::move(actor), {}, keys, {}, {}, {}, {}, 0, false});
        internal::make_ledger_tables(session, key());
        session.unlock(keys);
        state_->open_seal(keys);
    } catch (...) {
        session.rollback(key());
        throw;
    }
}

// The head is put at the cut only now that all is filled in: it is what the next entry follows.
Result<Entry> UnitOfWork::restore(store::Session& session, const std::filesystem::path& keys,
                                  Clock& clock, const Actor& actor, const internal::Cut& cut,
                                  const RestoreOptions& options, Progress& progress) {
    std::unique_ptr<State> made(
        new State{session, key(), clock, actor, {}, keys, cut.last, {}, {}, {}, 0, false});
    session.begin(key());
    UnitOfWork unit(std::move(made));
    auto& state = *unit.state_;
    AMATE_TRY_VOID(internal::fill_store(session, state.key, keys, cut, options.from, progress));
    state.sealer.emplace(
        internal::Sealer::take_up(keys, {cut.last.seq, cut.last.hash, cut.last.at}));
    if (cut.seal) state.sealer->write_seal(*cut.seal);
    state.schema.data_keys = store::data_keys_digest(session);
    return unit.commit(
        {"workspace.restored", "", "", "", internal::restored_text(cut, options.backup_digest)});
}

UnitOfWork::~UnitOfWork() {
    state_->adding.clear();  // their statements end before the transaction
    if (!state_->ended) state_->session.rollback(state_->key);
}

void UnitOfWork::set_actor(Actor actor) {
    AMATE_CHECK(!state_->ended && rows_added() == 0);
    state_->actor = std::move(actor);
}

std::int64_t UnitOfWork::sequence() const {
    return state_->last.seq + 1;
}

Result<void> UnitOfWork::ensure_schema(const definitions::Pack& pack) {
    AMATE_CHECK(!state_->ended && state_->adding.empty());
    AMATE_TRY(auto change, store::ensure_tables(state_->session, state_->key, pack));
    const bool secrets =
        std::any_of(pack.registers.begin(), pack.registers.end(),
                    [](const auto& register_) { return definitions::has_secrets(*register_); });
    if (secrets &&
        store::make_data_keys(state_->session, state_->key, state_->keys_folder, state_->now())) {
        state_->session.reload_cipher();
        state_->schema.data_keys = store::data_keys_digest(state_->session);
    }
    auto& all = state_->schema;
    const auto append = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
        to.insert(to.end(), from.begin(), from.end());
    };
    append(all.tables_made, change.tables_made);
    append(all.columns_added, change.columns_added);
    append(all.columns_retyped, change.columns_retyped);
    append(all.migrations, change.migrations);
    // A unit keeps one definition, so that each entry vouches for one.
    AMATE_CHECK(all.definition.empty() || change.definition.empty());
    all.definition += change.definition;
    return {};
}

std::unique_ptr<RowMaker> UnitOfWork::row_maker(const definitions::Register& register_) {
    auto cipher = definitions::has_secrets(register_)
                      ? store::FieldCipher::load(state_->session, state_->keys_folder)
                      : nullptr;
    auto maker = std::unique_ptr<RowMaker>(new RowMaker(register_, std::move(cipher)));
    maker->ledger_seq_ = sequence();
    maker->now_ = state_->now();
    return maker;
}

void UnitOfWork::add(const definitions::Register& register_, store::StoredRecord& record) {
    AMATE_CHECK(!state_->ended);
    auto& adding = state_->adding_to(register_);
    if (!adding.maker) adding.maker = row_maker(register_);
    adding.maker->ledger_seq_ = sequence();
    if (record.recorded_at.empty()) record.recorded_at = state_->now();
    if (record.batch_row == 0) record.batch_row = adding.rows.last() + 1;
    adding.maker->make(record, adding.row);
    add(register_, adding.row);
}

void UnitOfWork::add(const definitions::Register& register_, const SealedRow& row) {
    AMATE_CHECK(!state_->ended);
    auto& adding = state_->adding_to(register_);
    const auto& cells = row.cells_;
    AMATE_CHECK(store::integer_of(cells[store::kLedgerSeqIndex]) == sequence());
    AMATE_CHECK(row.batch_row_ > adding.rows.last());
    adding.inserter->insert(cells);
    adding.rows.add(store::text_of(cells[store::kRowHashIndex]), row.batch_row_);
}

void UnitOfWork::attach(const store::AttachmentPlace& place, const store::AttachmentFacts& facts,
                        const std::filesystem::path& file) {
    auto& state = *state_;
    AMATE_CHECK(!state.ended && !state.attachment);
    state.attachment = internal::KeptAttachment{
        place.field,
        store::write_attachment(state.session, state.key, place, sequence(), facts, file)};
}

std::map<std::string, std::int64_t> UnitOfWork::next_numbers(std::string_view name) {
    return internal::next_numbers(state_->session, name);
}

std::int64_t UnitOfWork::take_numbers(std::string_view name, std::int64_t count) {
    AMATE_CHECK(!state_->ended && count > 0);
    return internal::take_numbers(state_->session, state_->key, name, count);
}

Result<Witnessed> UnitOfWork::keep_range(const std::filesystem::path& file) {
    AMATE_CHECK(!state_->ended);
    AMATE_TRY(auto reader, internal::RangeReader::open(file));
    return internal::keep_range(state_->session, state_->key, reader);
}

std::string UnitOfWork::rows_digest() const {
    const auto claims = state_->claims();
    if (claims.size() == 1) return claims.begin()->second.digest;
    std::string lines;
    for (const auto& [name, claim] : claims) lines += name + ":" + claim.digest + "\n";
    return internal::digest_of_lines(lines);
}

std::int64_t UnitOfWork::rows_added() const {
    std::int64_t added = 0;
    for (const auto& [name, each] : state_->adding) added += each.rows.added();
    return added;
}

void UnitOfWork::rotate_keys() {
    AMATE_CHECK(!state_->ended && state_->adding.empty());
    store::rotate_data_keys(state_->session, state_->key, state_->keys_folder, state_->now());
    state_->session.reload_cipher();
    state_->schema.data_keys = store::data_keys_digest(state_->session);
}

void UnitOfWork::remember_answer(std::string_view key, std::string_view request_digest,
                                 std::string_view answer) {
    AMATE_CHECK(!state_->ended && !key.empty());
    internal::write_answer(
        state_->session, state_->key,
        {state_->actor.user, std::string(key), state_->sealer->mark_of(request_digest),
         std::string(answer), state_->now()});
}

Entry UnitOfWork::commit(const Event& event) {
    auto entry = record(event);
    commit();
    return entry;
}

Entry UnitOfWork::record(const Event& event) {
    auto& state = *state_;
    AMATE_CHECK(!state.ended && !event.action.empty());
    for (auto& [name, each] : state.adding) {
        each.inserter->flush();
        // Up to one block the entry's own digest says all that a block could.
        if (each.rows.added() > internal::kRowsPerBlock) {
            internal::write_blocks(state.session, state.key, sequence(), name, each.rows.blocks());
        }
    }
    auto at =
        event.action == kClockCorrected ? internal::moment_of(state.clock.unix_ms()) : state.now();
    Entry entry{sequence(), std::move(at), state.actor, event, state.last.hash, ""};
    entry.event.after =
        internal::complete_after(event.after, state.claims(), state.schema, state.attachment);
    entry.hash = hash_of(entry);
    internal::write_entry(state.session, state.key, {entry, state.sealer->sign_entry(entry.hash)});
    for (auto& [name, each] : state.adding) each.rows = {};
    state.schema = {};
    state.attachment.reset();
    state.last = entry;
    ++state.recorded;
    return entry;
}

void UnitOfWork::commit() {
    auto& state = *state_;
    AMATE_CHECK(!state.ended && state.recorded > 0 && rows_added() == 0 && state.schema.empty() &&
                !state.attachment);
    state.adding.clear();
    state.session.commit(state.key);
    state.ended = true;
    const auto& last = state.last;
    try {
        state.sealer->write_head({last.seq, last.hash, last.at});
    } catch (const IoFailure& failure) {
        throw InDoubt(
            fmt::format("entry {} is committed and holds, but the signed head is not "
                        "written: {}",
                        last.seq, failure.what()));
    }
}

std::optional<Seal> UnitOfWork::seal() {
    auto& state = *state_;
    AMATE_CHECK(!state.ended && state.adding.empty() && state.schema.empty());
    auto seal =
        internal::seal_entries(state.session, state.key, *state.sealer, state.last, state.now());
    state.session.commit(state.key);
    state.ended = true;
    if (!seal) return seal;
    try {
        state.sealer->write_seal(*seal);
    } catch (const IoFailure& failure) {
        throw InDoubt(fmt::format("seal {} is committed and holds, but its file is not written: {}",
                                  seal->number, failure.what()));
    }
    return seal;
}

}  // namespace amate::ledger
