// SPDX-License-Identifier: Apache-2.0
// One transaction: tables as they were at the cut, their rows, and the entry that tells of it.
#include "ledger/restore.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/restore_cut.hpp"
#include "ledger/internal/restoring.hpp"
#include "ledger/internal/seal.hpp"
#include "ledger/internal/seal_store.hpp"
#include "ledger/internal/witness_store.hpp"
#include "store/attachments.hpp"
#include "store/durable_file.hpp"
#include "store/field_cipher.hpp"
#include "store/record_store.hpp"
#include "store/schema.hpp"

namespace amate::ledger {
namespace {

constexpr std::int64_t kProgressEvery = 1000;

// Of all tables but those of registers.
std::vector<store::TableShape> own_shapes() {
    auto shapes = internal::ledger_shapes();
    for (auto& each : internal::seal_shapes()) shapes.push_back(std::move(each));
    for (auto& each : internal::witness_shapes()) shapes.push_back(std::move(each));
    shapes.push_back(store::definitions_shape());
    shapes.push_back(store::data_keys_shape());
    shapes.push_back(store::attachments_shape());
    return shapes;
}

// The shape a table of this name is made in, with these columns; nothing for what is not ours.
std::optional<store::TableShape> own_shape(const std::string& name,
                                           std::vector<store::TableColumn> columns) {
    if (name.starts_with("r_")) return store::shape_of(name, std::move(columns));
    for (auto& shape : own_shapes()) {
        if (shape.name != name) continue;
        shape.columns = std::move(columns);
        return std::move(shape);
    }
    return std::nullopt;
}

class Filler {
public:
    Filler(store::Session& session, const store::WriteKey& key, const internal::Cut& cut,
           CarriedStore& from, Progress& progress)
        : session_(session), key_(key), cut_(cut), from_(from), progress_(progress) {}

    void fill(const store::TableShape& carried) {
        const auto wanted = internal::shape_at(cut_, carried);
        if (!wanted) return;
        session_.make_table(key_, *wanted);
        std::vector<std::string> names;
        for (const auto& column : wanted->columns) names.push_back(column.name);
        const auto inserter = session_.inserter(key_, wanted->name, names);
        const internal::RowCutter cutter(cut_, carried, *wanted);
        store::SqlRow row;
        from_.for_each_row(carried.name, [&](const store::SqlRow& each) {
            if (cutter.take(each, row)) inserter->insert(row);
            if (++done_ % kProgressEvery == 0) progress_.advance("restore", done_, from_.rows());
            return true;
        });
        inserter->flush();
    }

private:
    store::Session& session_;
    const store::WriteKey& key_;
    const internal::Cut& cut_;
    CarriedStore& from_;
    Progress& progress_;
    std::int64_t done_ = 0;
};

// Asked before anything large is carried.
Result<void> check_master_keys(store::Session& session, const std::filesystem::path& keys) {
    try {
        [[maybe_unused]] const auto cipher = store::FieldCipher::load(session, keys);
        return {};
    } catch (const IoFailure& failure) {
        return fail(Problem{"ledger.restore_master_key", {}, {{"what", failure.what()}}});
    }
}

}  // namespace

std::vector<store::TableShape> carried_tables(store::Session& session) {
    std::vector<store::TableShape> tables;
    for (const auto& name : session.tables()) {
        if (auto shape = own_shape(name, session.columns_of(name))) {
            tables.push_back(std::move(*shape));
        }
    }
    return tables;
}

Result<std::string> public_key_of(const std::filesystem::path& keys) {
    AMATE_TRY(const auto key, internal::load_public_key(keys));
    return crypto::to_hex(key);
}

namespace internal {

Result<void> fill_store(store::Session& session, const store::WriteKey& key,
                        const std::filesystem::path& keys, const Cut& cut, CarriedStore& from,
                        Progress& progress) {
    // What a shape needs beside the columns is this program's to say.
    std::vector<store::TableShape> tables;
    for (const auto& carried : from.tables()) {
        auto shape = own_shape(carried.name, carried.columns);
        if (!shape) throw IoFailure("the backup has a table this program does not know");
        tables.push_back(std::move(*shape));
    }
    std::stable_partition(tables.begin(), tables.end(),
                          [](const auto& each) { return each.name == store::kDataKeysTable; });
    Filler filler(session, key, cut, from, progress);
    for (const auto& table : tables) {
        filler.fill(table);
        if (table.name == store::kDataKeysTable) {
            AMATE_TRY_VOID(check_master_keys(session, keys));
        }
    }
    return {};
}

std::string restored_text(const Cut& cut, const std::string& backup_digest) {
    const auto place = [](const Entry& entry) {
        return boost::json::object{{"seq", entry.seq}, {"hash", entry.hash}, {"at", entry.at}};
    };
    return boost::json::serialize(boost::json::object{
        {"backup", backup_digest}, {"cut", place(cut.last)}, {"head", place(cut.head)}});
}

}  // namespace internal

Result<Restored> restore_store(store::Session& session, const std::filesystem::path& keys,
                               Clock& clock, const Actor& actor, const RestoreOptions& options,
                               Progress& progress) {
    if (!session.tables().empty()) return fail(Problem{"ledger.store_not_empty", {}, {}});
    if (!internal::Sealer::has_key(keys) ||
        crypto::to_hex(internal::load_signing_key(keys).public_key) != options.public_key) {
        return fail(Problem{"ledger.restore_other_key", {}, {{"public_key", options.public_key}}});
    }
    AMATE_TRY(const auto cut, internal::find_cut(options.from, options.point));
    if (cut.last.seq == 0) throw IoFailure("the backup has no entry");
    session.unlock(keys);
    AMATE_TRY(auto told, UnitOfWork::restore(session, keys, clock, actor, cut, options, progress));
    return Restored{cut.last, std::move(told), cut.head.seq - cut.last.seq};
}

}  // namespace amate::ledger
