// SPDX-License-Identifier: Apache-2.0
// Lays records out as rows and seals them, so that this can go on beside the writing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "definitions/model.hpp"
#include "store/field_cipher.hpp"
#include "store/record_store.hpp"
#include "store/session.hpp"

namespace amate::ledger {

// A revision as a row of its table, with its hash. Only a RowMaker makes one; its buffers are
// reused.
class SealedRow {
private:
    friend class RowMaker;
    friend class UnitOfWork;
    store::SqlRow cells_;
    std::int64_t batch_row_ = 0;
};

// Of one register and one entry of a unit of work (UnitOfWork::row_maker); may be used on another
// thread than the unit, one at a time. Resource; touches no store.
class RowMaker {
public:
    // Fills record.ledger_seq and row_hash, and recorded_at if it is empty. The record has its id,
    // folio and batch_row. A whole number in a decimal or money column becomes a decimal one.
    void make(store::StoredRecord& record, SealedRow& row);

private:
    friend class UnitOfWork;
    RowMaker(const definitions::Register& register_, std::unique_ptr<store::FieldCipher> cipher);

    const definitions::Register& register_;
    std::unique_ptr<store::FieldCipher> cipher_;  // null: nothing is secret
    store::RowSealer sealer_;
    std::int64_t ledger_seq_ = 0;
    std::string now_;
};

}  // namespace amate::ledger
