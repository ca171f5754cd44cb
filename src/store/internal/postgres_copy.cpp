// SPDX-License-Identifier: Apache-2.0
// Sends rows while they come; the server works on them meanwhile.
#include "store/internal/postgres_copy.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/result.hpp"
#include "store/internal/postgres_values.hpp"

namespace amate::store::internal {
namespace {

constexpr std::size_t kBytesMax = std::size_t{1} << 16U;  // of a table, held back

}  // namespace

struct PgCopy::Rows {
    std::string sql;
    std::vector<Oid> types;
    std::string bytes;
};

class PgCopy::Inserter final : public Session::Inserter {
public:
    Inserter(PgCopy& copy, std::shared_ptr<Rows> rows) : copy_(copy), rows_(std::move(rows)) {}

    void insert(const SqlRow& row) override {
        const auto whole = rows_->bytes.size();
        try {
            append_row(rows_->bytes, rows_->types, row);
        } catch (...) {
            rows_->bytes.resize(whole);  // a row refused is not there by half
            throw;
        }
        if (rows_->bytes.size() >= kBytesMax) copy_.put(*rows_);
    }
    void flush() override {
        copy_.put(*rows_);
        copy_.end();
    }

private:
    PgCopy& copy_;
    std::shared_ptr<Rows> rows_;
};

std::unique_ptr<Session::Inserter> PgCopy::inserter(
    const std::string& table, const std::vector<std::pair<std::string, Oid>>& columns) {
    auto rows = std::make_shared<Rows>();
    std::string names;
    for (const auto& [name, type] : columns) {
        names += (names.empty() ? "" : ", ") + quote_name(name);
        rows->types.push_back(type);
    }
    rows->sql = fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", quote_name(table), names);
    pending_.push_back(rows);
    return std::make_unique<Inserter>(*this, std::move(rows));
}

template <class Action>
void PgCopy::guarded(Action action) {
    try {
        action();
    } catch (const IoFailure&) {
        open_ = nullptr;
        statements_.forget();
        throw;
    }
}

void PgCopy::put(Rows& rows) {
    if (rows.bytes.empty()) return;
    if (open_ != &rows) end();
    guarded([&] {
        if (open_ == nullptr) {
            connection_.begin_copy(rows.sql);
            open_ = &rows;
            connection_.put_copy(copy_header());
        }
        connection_.put_copy(rows.bytes);
    });
    rows.bytes.clear();
}

void PgCopy::end() {
    if (open_ == nullptr) return;
    guarded([&] {
        connection_.put_copy(copy_trailer());
        connection_.end_copy();
    });
    open_ = nullptr;
}

void PgCopy::send() {
    for (const auto& rows : pending_) put(*rows);
    end();
    std::erase_if(pending_, [](const auto& rows) { return rows.use_count() == 1; });
}

}  // namespace amate::store::internal
