// SPDX-License-Identifier: Apache-2.0
// Makes and migrates the tables of a pack's registers; what would lose or misread data is refused.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "store/session.hpp"

namespace amate::store {

// What ensure_tables() did; it stands in the ledger entry of the unit that did it.
struct SchemaChange {
    std::vector<std::string> tables_made;
    std::vector<std::string> columns_added;    // "table.column"
    std::vector<std::string> columns_retyped;  // "table.column": the same values, a wider column
    std::vector<std::string> migrations;       // of the pack, carried out now
    std::string definition;                    // digest of the definition kept now; "": the same
    std::string data_keys;  // data_keys_digest() of field_cipher.hpp; "": the same
    [[nodiscard]] bool empty() const {
        return tables_made.empty() && columns_added.empty() && columns_retyped.empty() &&
               migrations.empty() && definition.empty() && data_keys.empty();
    }
};

// Within a transaction. Compares the pack with the definition the store keeps
// (definitions::compare, the judgement of `amate diff`), makes and widens tables, keeps the new
// definition. No byte that a record's hash covers changes. Idempotent; without a change it only
// reads. Problems (nothing changed then): store.migration_needed, a change each;
// store.number_too_large; store.column_reserved; store.name_too_long; and, where tables are not
// what their definition says or there is none, store.column_type_changed, store.column_dropped,
// store.register_dropped. Throws IoFailure if the kept definition is damaged.
[[nodiscard]] Result<SchemaChange> ensure_tables(Session& session, const WriteKey& key,
                                                 const definitions::Pack& pack);

enum class SchemaState : unsigned char { current, behind };  // behind: ensure_tables() has work

// Whether records may be read with this pack, without changing anything. Problems as above.
[[nodiscard]] Result<SchemaState> check_tables(Session& session, const definitions::Pack& pack);

// A definition that tables were made or migrated under; the last one holds.
struct KeptDefinition {
    std::int64_t number = 0;  // 1, 2, 3 ...
    std::string digest;       // as it is stated: BLAKE2b-256 of the form, hex
    std::string form;         // definitions::to_form()
};
inline constexpr const char* kDefinitionsTable = "definitions";
[[nodiscard]] std::vector<KeptDefinition> kept_definitions(Session& session);

}  // namespace amate::store
