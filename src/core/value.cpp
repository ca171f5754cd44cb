// SPDX-License-Identifier: Apache-2.0
// The one spelling of a value for storage, digests and files.
#include "core/value.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace amate {

std::string_view name_of(Missing missing) {
    switch (missing) {
        case Missing::unknown:
            return "unknown";
        case Missing::refused:
            return "refused";
        case Missing::not_applicable:
            return "not_applicable";
        case Missing::absent:
            break;
    }
    return "";
}

Rows::Rows(RowData data)
    : data_(data.rows.empty() ? nullptr : std::make_shared<const RowData>(std::move(data))) {}

const RowData& Rows::data() const {
    static const RowData kNone;
    return data_ == nullptr ? kNone : *data_;
}

std::size_t Rows::size() const {
    return data().rows.size();
}

bool Rows::operator==(const Rows& other) const {
    return data_ == other.data_ || data() == other.data();
}

namespace {

struct Canonical {
    std::string operator()(Missing missing) const { return std::string(name_of(missing)); }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const Date& value) const { return value.iso(); }
    std::string operator()(const PartialDate& value) const { return value.iso(); }
    std::string operator()(const DateTime& value) const { return value.iso(); }
    std::string operator()(const Codes& value) const {
        return fmt::format("{}", fmt::join(value, ";"));
    }
    std::string operator()(const Rows& value) const {
        boost::json::array rows;
        for (const auto& row : value.data().rows) {
            boost::json::array cells;
            for (const auto& cell : row) cells.emplace_back(canonical(cell));
            while (!cells.empty() && cells.back().get_string().empty()) cells.pop_back();
            rows.push_back(std::move(cells));
        }
        return boost::json::serialize(rows);
    }
};

}  // namespace

std::string canonical(const Value& value) {
    return std::visit(Canonical{}, value);
}

}  // namespace amate
