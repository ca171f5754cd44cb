// SPDX-License-Identifier: Apache-2.0
// Writes and reads what a file of columns says of itself.
#include "statistics/internal/column_layout.hpp"

#include <ostream>
#include <set>

#include <boost/json.hpp>

#include "core/crypto.hpp"

namespace amate::statistics::internal {

namespace json = boost::json;
using definitions::Type;

namespace {

std::string header_of(const ColumnLayout& layout, const snapshot::SnapshotFile& file) {
    json::array columns;
    for (const auto& each : layout.columns) {
        json::array values;
        for (const auto& value : each.stored) {
            if (const auto* text = std::get_if<std::string>(&value)) {
                values.emplace_back(*text);
            } else {
                values.emplace_back(std::get<std::int64_t>(value));
            }
        }
        columns.push_back({{"name", each.plan.name},
                           {"type", static_cast<int>(each.plan.type)},
                           {"values", std::move(values)},
                           {"counts", json::value_from(each.counts)}});
    }
    auto header = json::serialize(json::object{{"parquet", file.digest},
                                               {"rows", layout.rows},
                                               {"repeated", layout.repeated},
                                               {"columns", std::move(columns)}});
    header.append((8 - (kMagic.size() + 8 + header.size()) % 8) % 8, ' ');
    return header;
}

}  // namespace

std::vector<ColumnPlan> columns_of(const definitions::Register& register_) {
    std::vector<ColumnPlan> plans;
    std::set<std::string> known;
    const auto add = [&](const definitions::Dimension& each) {
        if (known.insert(each.sql_name).second) plans.push_back({each.sql_name, each.type});
    };
    for (const auto& each : register_.dimensions) add(each);
    for (const auto& each : register_.measures) add(each);
    plans.push_back({kTimeColumn, Type::date});
    return plans;
}

void write_columns(const ColumnImage& image, const snapshot::SnapshotFile& file,
                   std::ostream& out) {
    crypto::Hasher hasher;
    const auto put = [&](const void* data, std::size_t size) {
        const std::string_view bytes(static_cast<const char*>(data), size);
        hasher.add(bytes);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    };
    const auto header = header_of(image.layout, file);
    const std::uint64_t length = header.size();
    put(kMagic.data(), kMagic.size());
    put(&length, sizeof length);
    put(header.data(), header.size());
    put(image.words.data(), image.words.size() * 8);
    put(image.days.data(), image.days.size() * sizeof(Columns::Days));
    const auto digest = hasher.finish();
    out.write(reinterpret_cast<const char*>(digest.data()), kDigestBytes);
}

std::optional<ColumnLayout> read_header(std::string_view text, const snapshot::SnapshotFile& file,
                                        const std::vector<ColumnPlan>& plans) {
    const auto value = json::parse(text);
    const auto& header = value.as_object();
    if (header.at("parquet").as_string() != file.digest) return std::nullopt;
    ColumnLayout layout;
    layout.rows = header.at("rows").to_number<std::size_t>();
    layout.repeated = header.at("repeated").to_number<std::size_t>();
    std::size_t at = 0;
    for (const auto& column : header.at("columns").as_array()) {
        DrawnColumn drawn;
        drawn.plan.name = std::string(column.at("name").as_string());
        drawn.plan.type = static_cast<Type>(column.at("type").to_number<int>());
        // A pack with other dimensions than the Parquet's: those it lacks are passed over.
        while (at < plans.size() && plans[at].name != drawn.plan.name) ++at;
        const bool persons = drawn.plan.name == kPersonColumn;
        if (!persons && (at == plans.size() || plans[at].type != drawn.plan.type)) {
            return std::nullopt;
        }
        for (const auto& each : column.at("values").as_array()) {
            if (each.is_string()) {
                drawn.stored.emplace_back(std::string(each.get_string()));
            } else {
                drawn.stored.emplace_back(each.as_int64());
            }
        }
        drawn.counts = json::value_to<std::vector<std::int64_t>>(column.at("counts"));
        layout.columns.push_back(std::move(drawn));
    }
    layout.place();
    return layout;
}

}  // namespace amate::statistics::internal
