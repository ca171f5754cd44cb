// SPDX-License-Identifier: Apache-2.0
// Makes a register's columns of its Parquet, writes them beside it and maps them.
#include "statistics/internal/columns.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <unordered_map>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "columnar/engine.hpp"
#include "core/crypto.hpp"
#include "core/text.hpp"

namespace amate::statistics::internal {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using columnar::quote_name;
using columnar::quote_text;
using definitions::Type;

// FILE: magic; length of the header (64 bits, as the machine has them); header (JSON), blanks up to
// a multiple of 8; the words of each column; days of blocks; BLAKE2b-256 of all that.
constexpr std::string_view kMagic = "amate-columns-1\n";
constexpr std::size_t kDigestBytes = 32;
constexpr const char* kTime = "time";
constexpr const char* kPersons = "person_key";

// A column as it is to be made.
struct Plan {
    std::string name;
    Type type = Type::code;
};

std::vector<Plan> columns_of(const definitions::Register& register_) {
    std::vector<Plan> plans;
    std::set<std::string> known;
    const auto add = [&](const definitions::Dimension& each) {
        if (known.insert(each.sql_name).second) plans.push_back({each.sql_name, each.type});
    };
    for (const auto& each : register_.dimensions) add(each);
    for (const auto& each : register_.measures) add(each);
    plans.push_back({kTime, Type::date});
    return plans;
}

bool is_text(Type type) {
    return type == Type::code || type == Type::codes;
}

// A column that is no text, as a whole number.
std::string number_sql(const Plan& plan) {
    const auto name = quote_name(plan.name);
    if (plan.type == Type::money) return "CAST(" + name + " * 100 AS BIGINT)";
    if (plan.type == Type::date) return "CAST(" + name + " - DATE '1970-01-01' AS BIGINT)";
    return "CAST(" + name + " AS BIGINT)";
}

// What a number or text of the Parquet is in counting.
Value value_of(Type type, const columnar::EngineValue& stored) {
    if (const auto* text = std::get_if<std::string>(&stored)) {
        if (type != Type::codes) return *text;
        Codes codes;
        for (const auto& part : split(*text, ';')) {
            if (!part.empty()) codes.emplace_back(part);
        }
        return codes;
    }
    const auto number = std::get<std::int64_t>(stored);
    if (type == Type::boolean) return number != 0;
    if (type == Type::date) return Date::from_days(static_cast<std::int32_t>(number));
    return number;
}

// One a column, persons last: the values as stored, rising, and where its words begin.
struct Drawn {
    Plan plan;
    std::vector<columnar::EngineValue> stored;
    unsigned width = 0;
    std::size_t word = 0;
};

struct Layout {
    std::vector<Drawn> columns;
    std::size_t rows = 0;
    std::size_t repeated = 0;
    std::size_t words = 0;

    void place() {
        words = 0;
        for (auto& each : columns) {
            const bool persons = each.plan.name == kPersons;
            // The place behind the last value means absent.
            const auto largest = persons ? repeated + kFirstRepeated : each.stored.size();
            each.width = width_for(static_cast<std::uint32_t>(largest));
            each.word = words;
            words += packed_words(rows, each.width);
        }
    }
    [[nodiscard]] std::size_t blocks() const { return (rows + kBlockRows - 1) / kBlockRows; }
};

std::string header_of(const Layout& layout, const snapshot::SnapshotFile& file) {
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
                           {"values", std::move(values)}});
    }
    auto header = json::serialize(json::object{{"parquet", file.digest},
                                               {"rows", layout.rows},
                                               {"repeated", layout.repeated},
                                               {"columns", std::move(columns)}});
    header.append((8 - (kMagic.size() + 8 + header.size()) % 8) % 8, ' ');
    return header;
}

// The layout a header tells, if it is of that Parquet and has the columns of the register that are
// in it.
std::optional<Layout> read_header(std::string_view text, const snapshot::SnapshotFile& file,
                                  const std::vector<Plan>& plans) {
    const auto value = json::parse(text);
    const auto& header = value.as_object();
    if (header.at("parquet").as_string() != file.digest) return std::nullopt;
    Layout layout;
    layout.rows = header.at("rows").to_number<std::size_t>();
    layout.repeated = header.at("repeated").to_number<std::size_t>();
    std::size_t at = 0;
    for (const auto& column : header.at("columns").as_array()) {
        Drawn drawn;
        drawn.plan.name = std::string(column.at("name").as_string());
        drawn.plan.type = static_cast<Type>(column.at("type").to_number<int>());
        // A pack with other dimensions than the Parquet's: those it lacks are passed over.
        while (at < plans.size() && plans[at].name != drawn.plan.name) ++at;
        const bool persons = drawn.plan.name == kPersons;
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
        layout.columns.push_back(std::move(drawn));
    }
    layout.place();
    return layout;
}

// Draws the columns out of a Parquet.
class Maker {
public:
    Maker(const snapshot::Manifest& manifest, const snapshot::SnapshotFile& file,
          const std::vector<Plan>& plans, const fs::path& spill)
        : engine_({manifest.directory, spill}), file_(file) {
        const auto path = quote_text((manifest.directory / file.file).string());
        source_ = "read_parquet(" + path + ")";
        numbered_ = "read_parquet(" + path + ", file_row_number = true)";
        std::set<std::string> there;
        engine_.query("SELECT column_name FROM (DESCRIBE SELECT * FROM " + source_ + ")",
                      [&](const columnar::EngineRow& row) {
                          there.insert(std::get<std::string>(row[0]));
                          return true;
                      });
        for (const auto& plan : plans) {
            if (there.contains(plan.name)) layout_.columns.push_back({plan, {}, 0, 0});
        }
        layout_.columns.push_back({{kPersons, Type::integer}, {}, 0, 0});
        layout_.rows = static_cast<std::size_t>(file.records);
        for (std::size_t at = 0; at + 1 < layout_.columns.size(); ++at) draw_dictionary(at);
        engine_.execute(
            "CREATE TABLE repeated AS SELECT person_key AS key, row_number() OVER () - 1 AS number "
            "FROM (SELECT person_key FROM " +
            source_ + " WHERE person_key IS NOT NULL GROUP BY person_key HAVING count(*) > 1)");
        layout_.repeated =
            static_cast<std::size_t>(engine_.query_integer("SELECT count(*) FROM repeated"));
        layout_.place();
    }

    void write(std::ostream& out) {
        crypto::Hasher hasher;
        const auto put = [&](std::string_view bytes) {
            hasher.add(bytes);
            out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        };
        const auto header = header_of(layout_, file_);
        const std::uint64_t length = header.size();
        put(kMagic);
        put({reinterpret_cast<const char*>(&length), sizeof length});
        put(header);
        std::vector<Columns::Days> days;
        for (std::size_t at = 0; at < layout_.columns.size(); ++at) {
            const auto& column = layout_.columns[at];
            const auto words = column.plan.name == kPersons ? pack_persons(column) : pack_one(at);
            put({reinterpret_cast<const char*>(words.data()), words.size() * 8});
            if (column.plan.name == kTime) days = days_of(column, words);
        }
        put({reinterpret_cast<const char*>(days.data()), days.size() * sizeof(Columns::Days)});
        const auto digest = hasher.finish();
        out.write(reinterpret_cast<const char*>(digest.data()), kDigestBytes);
    }

private:
    void draw_dictionary(std::size_t at) {
        auto& column = layout_.columns[at];
        const auto name = quote_name(column.plan.name);
        const auto what = is_text(column.plan.type) ? name : number_sql(column.plan);
        engine_.query("SELECT DISTINCT " + what + " AS v FROM " + source_ + " WHERE " + name +
                          " IS NOT NULL ORDER BY v",
                      [&](const columnar::EngineRow& row) {
                          column.stored.push_back(row[0]);
                          return true;
                      });
        if (!is_text(column.plan.type) || column.stored.empty()) return;
        engine_.execute(fmt::format(
            "CREATE TYPE d{} AS ENUM (SELECT DISTINCT {} FROM {} WHERE {} IS NOT NULL ORDER BY 1)",
            at, name, source_, name));
    }

    std::vector<std::uint64_t> pack_one(std::size_t at) {
        const auto& column = layout_.columns[at];
        std::vector<std::uint64_t> words(packed_words(layout_.rows, column.width));
        const auto absent = static_cast<std::uint32_t>(column.stored.size());
        if (absent == 0) return words;  // of width 0: each row is absent
        const bool text = is_text(column.plan.type);
        std::unordered_map<std::int64_t, std::uint32_t> places;
        for (std::uint32_t place = 0; !text && place < absent; ++place) {
            places.emplace(std::get<std::int64_t>(column.stored[place]), place);
        }
        const auto name = quote_name(column.plan.name);
        const auto what = text ? fmt::format("CAST(enum_code(CAST({} AS d{})) AS BIGINT)", name, at)
                               : number_sql(column.plan);
        std::size_t row = 0;
        auto stream = engine_.stream("SELECT " + what + " FROM " + source_);
        for (columnar::EngineRow cells; stream.next(cells); ++row) {
            AMATE_CHECK(row < layout_.rows);
            const auto* number = std::get_if<std::int64_t>(cells.data());
            auto place = absent;
            if (number != nullptr) {
                place = text ? static_cast<std::uint32_t>(*number) : places.at(*number);
            }
            pack(words, row, column.width, place);
        }
        AMATE_CHECK(row == layout_.rows);
        return words;
    }

    std::vector<std::uint64_t> pack_persons(const Drawn& column) {
        std::vector<std::uint32_t> numbers(layout_.rows, kNobody);
        std::size_t row = 0;
        {
            auto stream = engine_.stream("SELECT person_key IS NOT NULL FROM " + source_);
            for (columnar::EngineRow cells; stream.next(cells); ++row) {
                if (std::get<bool>(cells[0])) numbers[row] = kOnce;
            }
        }
        AMATE_CHECK(row == layout_.rows);
        auto stream = engine_.stream("SELECT file_row_number, number FROM " + numbered_ +
                                     " JOIN repeated ON person_key = key");
        for (columnar::EngineRow cells; stream.next(cells);) {
            numbers.at(static_cast<std::size_t>(std::get<std::int64_t>(cells[0]))) =
                kFirstRepeated + static_cast<std::uint32_t>(std::get<std::int64_t>(cells[1]));
        }
        std::vector<std::uint64_t> words(packed_words(layout_.rows, column.width));
        for (row = 0; row < numbers.size(); ++row) pack(words, row, column.width, numbers[row]);
        return words;
    }

    [[nodiscard]] std::vector<Columns::Days> days_of(
        const Drawn& column, const std::vector<std::uint64_t>& words) const {
        std::vector<Columns::Days> days(layout_.blocks());
        for (std::size_t row = 0; row < layout_.rows; ++row) {
            const auto place = packed_at(words.data(), row, column.width);
            auto& block = days[row / kBlockRows];
            const bool first = row % kBlockRows == 0;
            block.first = first ? place : std::min(block.first, place);
            block.last = first ? place : std::max(block.last, place);
        }
        return days;
    }

    columnar::Engine engine_;
    const snapshot::SnapshotFile& file_;
    std::string source_, numbered_;
    Layout layout_;
};

// A file in memory: mapped, or held.
class Bytes {
public:
    explicit Bytes(std::string held) : held_(std::move(held)), view_(held_) {}
    explicit Bytes(const fs::path& file) {
        const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) return;
        struct stat status {};
        if (::fstat(descriptor, &status) == 0 && status.st_size > 0) {
            const auto size = static_cast<std::size_t>(status.st_size);
            void* memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
            if (memory != MAP_FAILED) {
                mapped_ = memory;
                view_ = {static_cast<const char*>(memory), size};
            }
        }
        ::close(descriptor);
    }
    ~Bytes() {
        if (mapped_ != nullptr) ::munmap(mapped_, view_.size());
    }
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;
    [[nodiscard]] std::string_view view() const { return view_; }
    [[nodiscard]] bool mapped() const { return mapped_ != nullptr; }

private:
    std::string held_;
    void* mapped_ = nullptr;
    std::string_view view_;
};

}  // namespace

struct Columns::State {
    std::unique_ptr<Bytes> bytes;
    std::map<std::string, Column, std::less<>> columns;
    std::size_t rows = 0;
    std::size_t repeated = 0;
    std::vector<Days> days;

    // Takes up what is there; false if it is not whole, not of that Parquet or of other columns.
    bool take_up(const snapshot::SnapshotFile& file, const std::vector<Plan>& plans) {
        const auto view = bytes->view();
        const auto head = kMagic.size() + 8;
        if (view.size() < head + kDigestBytes || !view.starts_with(kMagic)) return false;
        const auto content = view.substr(0, view.size() - kDigestBytes);
        const auto digest = crypto::digest(content);
        if (std::memcmp(digest.data(), view.data() + content.size(), kDigestBytes) != 0) {
            return false;
        }
        std::uint64_t length = 0;
        std::memcpy(&length, view.data() + kMagic.size(), sizeof length);
        const auto layout = read_header(view.substr(head, length), file, plans);
        if (!layout) return false;
        const auto* words = reinterpret_cast<const std::uint64_t*>(view.data() + head + length);
        for (const auto& drawn : layout->columns) {
            Column column{drawn.plan.name, columns.size(), {}, drawn.width, words + drawn.word};
            for (const auto& each : drawn.stored) {
                column.dictionary.push_back(value_of(drawn.plan.type, each));
            }
            column.dictionary.emplace_back(Missing::absent);
            columns.emplace(column.name, std::move(column));
        }
        rows = layout->rows;
        repeated = layout->repeated;
        days.resize(layout->blocks());
        std::memcpy(days.data(), words + layout->words, days.size() * sizeof(Days));
        return true;
    }
};

Columns::Columns(std::unique_ptr<State> state) : state_(std::move(state)) {}
Columns::Columns(Columns&&) noexcept = default;
Columns::~Columns() = default;

Columns Columns::open(const snapshot::Manifest& manifest, const snapshot::SnapshotFile& file,
                      const definitions::Register& register_) {
    const auto plans = columns_of(register_);
    const auto folder = manifest.directory / ".columns";
    const auto path = folder / file.register_name;
    auto state = std::make_unique<State>();
    state->bytes = std::make_unique<Bytes>(path);
    if (state->take_up(file, plans)) return Columns(std::move(state));

    std::error_code error;
    fs::create_directory(folder, error);
    // Two programs may make them together: each writes beside, and either's is whole.
    const auto beside = folder / fmt::format("{}.{}.tmp", file.register_name, ::getpid());
    const auto spill = folder / fmt::format("spill.{}", ::getpid());
    state = std::make_unique<State>();
    {
        Maker maker(manifest, file, plans, spill);
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        if (out) maker.write(out);
        out.close();
        if (out) fs::rename(beside, path, error);
        if (out && !error) {
            state->bytes = std::make_unique<Bytes>(path);
        } else {
            fs::remove(beside, error);
            std::ostringstream kept;
            maker.write(kept);
            state->bytes = std::make_unique<Bytes>(std::move(kept).str());
        }
    }
    fs::remove_all(spill, error);
    AMATE_CHECK(state->take_up(file, plans));
    return Columns(std::move(state));
}

std::size_t Columns::rows() const {
    return state_->rows;
}

std::size_t Columns::size() const {
    return state_->columns.size();
}

const Column& Columns::column(std::string_view name) const {
    const auto found = state_->columns.find(name);
    if (found == state_->columns.end()) {
        throw IoFailure(fmt::format(
            "the snapshot has no column {}: it is older than the pack; take another", name));
    }
    return found->second;
}

const Column& Columns::persons() const {
    return column(kPersons);
}

std::size_t Columns::repeated_persons() const {
    return state_->repeated;
}

const std::vector<Columns::Days>& Columns::days_of_blocks() const {
    return state_->days;
}

std::size_t Columns::bytes() const {
    return state_->bytes->mapped() ? state_->bytes->view().size() : 0;
}

}  // namespace amate::statistics::internal
