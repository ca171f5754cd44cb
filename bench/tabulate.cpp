// SPDX-License-Identifier: Apache-2.0
// Measures tables over a frozen register against DuckDB, which runs their SQL over the same Parquet
// with as many threads.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "columnar/engine.hpp"
#include "core/crypto.hpp"
#include "statistics/internal/columns.hpp"
#include "statistics/tabulate.hpp"

namespace {

namespace fs = std::filesystem;
using namespace amate;
using definitions::Type;

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void require(bool holds, const std::string& what) {
    if (holds) return;
    fmt::print(stderr, "wrong answer: {}\n", what);
    std::exit(1);
}

// A register of ten coded variables, as many as a country's largest have.
class Country {
public:
    explicit Country(const fs::path& folder) {
        register_.name = "crossing";
        add("point", Type::code, 97);
        add("nationality", Type::code, 200);
        add("municipality", Type::code, 2469);
        add("sex", Type::code, 3);
        add("age_group", Type::code, 12);
        add("modality", Type::code, 15);
        add("state", Type::code, 33);
        add("services", Type::codes, 8);
        add("accompanied", Type::boolean, 0);
        add("party", Type::integer, 0);
        for (const auto& each : register_.dimensions) {
            register_.statistics_environment.variables.push_back(
                {each.name, each.type, each.codelist, {}, {}});
        }
        register_.statistics_environment.variables.push_back({"time", Type::date, nullptr, {}, {}});
        manifest_.directory = folder / "snapshots" / "2018-08-31";
        manifest_.cutoff = *Date::of(2018, 8, 31);
        fs::create_directories(manifest_.directory);
    }

    // Skewed as such things are: few points and nationalities hold most. A third of the persons
    // come more than once.
    void freeze(std::int64_t rows) {
        const auto file = manifest_.directory / "crossing.parquet";
        const auto code = [](const char* name, int codes, int power) {
            return fmt::format("'{}' || CAST(floor(pow(random(), {}) * {}) AS INTEGER) AS {}", name,
                               power, codes, name);
        };
        columnar::Engine engine({manifest_.directory, manifest_.directory / "spill", 8192});
        engine.execute("SELECT setseed(0.5)");
        engine.execute(fmt::format(
            "COPY (SELECT {}, {}, {}, {}, {}, {}, {}, "
            "CASE WHEN random() < 0.7 THEN '' WHEN random() < 0.6 THEN 'services0' ELSE "
            "'services1;services' || CAST(2 + floor(random() * 6) AS INTEGER) END AS services, "
            "CASE WHEN random() < 0.1 THEN NULL ELSE random() < 0.3 END AS accompanied, "
            "CAST(floor(pow(random(), 3) * 20) AS BIGINT) AS party, "
            "DATE '2013-01-01' + CAST(i * 2069 // {} AS INTEGER) AS time, "
            "CASE WHEN random() < 0.05 THEN NULL ELSE "
            "substr(md5(CAST(floor(random() * {}) AS VARCHAR)), 1, 12) END AS person_key "
            "FROM range({}) t(i)) TO {} (FORMAT parquet, COMPRESSION zstd)",
            code("point", 97, 3), code("nationality", 200, 4), code("municipality", 2469, 2),
            code("sex", 3, 1), code("age_group", 12, 1), code("modality", 15, 2),
            code("state", 33, 2), rows, rows * 2, rows, columnar::quote_text(file.string())));
        const auto persons = engine.query_integer("SELECT count(DISTINCT person_key) FROM " +
                                                  columnar::quote_text(file.string()));
        manifest_.files = {{"crossing", "crossing.parquet",
                            crypto::to_hex(crypto::digest_of_file(file)),
                            static_cast<std::int64_t>(fs::file_size(file)), rows, persons}};
    }

    [[nodiscard]] const definitions::Register& register_of() const { return register_; }
    [[nodiscard]] const snapshot::Manifest& manifest() const { return manifest_; }

private:
    void add(const std::string& name, Type type, int codes) {
        const definitions::CodeList* list = nullptr;
        if (codes > 0) {
            auto made = std::make_unique<definitions::CodeList>();
            made->name = name;
            for (int i = 0; i < codes; ++i) {
                const auto code = name + std::to_string(i);
                made->index[code] = made->codes.size();
                made->codes.push_back({code, "", {}, {}, {}, {}});
            }
            list = made.get();
            lists_.push_back(std::move(made));
        }
        register_.dimensions.push_back({name, name, {}, type, list, {}});
    }

    std::vector<std::unique_ptr<definitions::CodeList>> lists_;
    definitions::Register register_;
    snapshot::Manifest manifest_;
};

struct Asked {
    const char* what;
    const char* by;
    const char* where;
    const char* measure;
    bool one_year = false;
    bool totals = false;
    const char* curve = "";  // what it is called in the curves (bench/draw_curves.py)
};

constexpr Asked kAsked[] = {
    {"all records", "", "", "records"},
    {"records of a condition", "", "sex = 'sex1' and age_group in ('age_group1', 'age_group2')",
     "records"},
    {"one dimension", "nationality", "", "records"},
    {"three dimensions, 7,200 cells", "nationality,age_group,sex", "", "records", false, false,
     "table"},
    {"the same of a year", "nationality,age_group,sex", "", "records", true},
    {"three dimensions, 250,000 cells", "municipality,state,sex", "", "records"},
    {"three dimensions, 730,000 cells", "municipality,point,sex", "nationality = 'nationality0'",
     "records"},
    {"sets of codes", "services,sex", "", "records"},
    {"sum", "nationality", "accompanied", "sum:party"},
    {"mean", "nationality,sex", "", "mean:party"},
    {"median", "nationality,sex", "", "p50:party"},
    {"three dimensions with totals", "nationality,age_group,sex", "", "records", false, true},
    {"distinct codes", "state", "", "distinct:municipality"},
    {"persons", "", "", "persons"},
    {"persons, three dimensions", "nationality,age_group,sex", "", "persons", false, false,
     "persons"},
};

// Ever more cells over the same records.
constexpr Asked kCells[] = {
    {"97 cells", "point", "", "records", false, false, "97"},
    {"600 cells", "nationality,sex", "", "records", false, false, "600"},
    {"7,200 cells", "nationality,age_group,sex", "", "records", false, false, "7200"},
    {"99,000 cells", "nationality,state,modality", "", "records", false, false, "99000"},
    {"718,000 cells", "municipality,point,sex", "", "records", false, false, "718000"},
    {"10,800,000 cells", "municipality,point,sex,modality", "", "records", false, false,
     "10800000"},
};

std::vector<statistics::TableRequest> figures_of(const definitions::Register& register_) {
    std::vector<statistics::TableRequest> figures;
    for (int i = 0; i < 110; ++i) {
        const auto where = fmt::format(
            "nationality = 'nationality{}' and sex = 'sex{}' and modality != 'modality{}'", i % 20,
            i % 3, i % 5);
        figures.push_back(*statistics::parse_request(register_, {"", where, "records"}));
        figures.back().period = {*Date::of(2013 + i % 5, 1, 1), *Date::of(2014 + i % 5, 12, 31)};
    }
    return figures;
}

std::int64_t peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

class Run {
public:
    explicit Run(const Country& country)
        : country_(country),
          tabulator_(country.manifest()),
          engine_({country.manifest().directory, country.manifest().directory / "spill", 8192}) {}

    void prepare() {
        const auto& file = country_.manifest().files[0];
        const auto rows = static_cast<double>(file.records);
        const auto made = seconds_of(
            [&] { require(tabulator_.prepare(country_.register_of()).has_value(), "columns"); });
        std::size_t bytes = 0;
        const auto mapped = seconds_of([&] {
            bytes = statistics::internal::Columns::open(country_.manifest(), file,
                                                        country_.register_of())
                        .bytes();
        });
        fmt::print(
            "{} records, Parquet {:.0f} MB; columns made in {:.1f} s ({:.1f} M rows/s), "
            "{:.2f} bytes a record with time and persons, checked and mapped in {:.2f} s\n",
            file.records, static_cast<double>(file.bytes) / 1e6, made, rows / made / 1e6,
            static_cast<double>(bytes) / rows, mapped);
    }

    void ask(const Asked& asked) {
        auto request = *statistics::parse_request(
            country_.register_of(), {asked.by, asked.where, asked.measure, asked.totals});
        request.cells_max = 20'000'000;
        if (asked.one_year) request.period = {*Date::of(2016, 1, 1), *Date::of(2016, 12, 31)};
        statistics::Table table;
        double ours = 1e9;
        for (int i = 0; i < 3; ++i) {
            ours = std::min(ours, seconds_of([&] { table = *tabulator_.run(request); }));
        }
        check(request, table, asked.what);
        double theirs = 1e9;
        for (int i = 0; i < 3; ++i) {
            theirs = std::min(theirs, seconds_of([&] { fetch(request); }));
        }
        tell(asked.what, ours, theirs);
        if (*asked.curve != '\0') {
            curves_ += fmt::format("{},{},{:.6f},{:.6f}\n", asked.curve,
                                   country_.manifest().files[0].records, ours, theirs);
        }
    }
    // Lines for the curves: what, records, our seconds, DuckDB's.
    [[nodiscard]] const std::string& curves() const { return curves_; }

    void ask_figures() {
        const auto figures = figures_of(country_.register_of());
        std::vector<Result<statistics::Table>> tables;
        double ours = 1e9;
        for (int i = 0; i < 3; ++i) {
            ours = std::min(ours, seconds_of([&] { tables = tabulator_.run_many(figures); }));
        }
        const auto theirs = seconds_of([&] {
            for (std::size_t i = 0; i < figures.size(); ++i) {
                const auto sql = *statistics::to_sql(figures[i], path());
                require(engine_.query_integer(sql) == tables[i]->total, "a figure");
            }
        });
        tell("110 figures", ours, theirs);
    }

private:
    [[nodiscard]] std::string path() const {
        return (country_.manifest().directory / "crossing.parquet").string();
    }
    // Runs the SQL and takes its cells, looking at none.
    void fetch(const statistics::TableRequest& request) {
        auto stream = engine_.stream(*statistics::to_sql(request, path()));
        while (stream.next_chunk() != nullptr) {
        }
    }
    // Each cell that the SQL gives must be ours, and there may be no more; of very many only how
    // many they are and their sum.
    void check(const statistics::TableRequest& request, const statistics::Table& table,
               const char* what) {
        constexpr std::size_t kEachUpTo = 1'000'000;
        if (table.size() > kEachUpTo) {
            std::int64_t sum = 0;
            for (const auto count : table.counts) sum += count;
            const auto all = *statistics::to_sql(request, path());
            const auto cells = engine_.query_integer("SELECT count(*) FROM (" + all + ")");
            require(cells == static_cast<std::int64_t>(table.size()), what);
            require(sum == country_.manifest().files[0].records, what);
            return;
        }
        std::map<std::vector<std::string>, std::int64_t> cells;
        for (std::size_t cell = 0; cell < table.size(); ++cell) {
            std::vector<std::string> codes;
            for (std::size_t at = 0; at < table.codes.size(); ++at) {
                codes.push_back(table.code(cell, at));
            }
            cells[codes] = table.counts[cell];
        }
        auto sql = *statistics::to_sql(request, path());
        if (request.has_values()) {  // tests hold the values; here only their records are held
            sql = "SELECT COLUMNS(c -> c NOT SIMILAR TO '(mean|p50)_.*') FROM (" + sql + ")";
        }
        std::size_t seen = 0;
        engine_.query(sql, [&](const columnar::EngineRow& row) {
            std::vector<std::string> codes;
            const auto count = row.size() - 1;
            for (std::size_t at = 0; at < count; ++at) {
                const auto* text = std::get_if<std::string>(&row[at]);
                codes.push_back(text == nullptr ? "" : *text);
            }
            // Records of nobody known make no cell of persons.
            if (std::get<std::int64_t>(row[count]) == 0) return true;
            const auto found = cells.find(codes);
            require(found != cells.end() && found->second == std::get<std::int64_t>(row[count]),
                    "a cell");
            return ++seen > 0;
        });
        require(seen == cells.size(), what);
    }
    static void tell(const char* what, double ours, double theirs) {
        fmt::print("{:<34}{:>9.1f} ms  DuckDB {:>9.1f} ms {:>7.1f} x\n", what, ours * 1e3,
                   theirs * 1e3, theirs / ours);
    }

    const Country& country_;
    statistics::Tabulator tabulator_;
    columnar::Engine engine_;
    std::string curves_;
};

}  // namespace

int main(int argc, char** argv) {
    const std::int64_t rows = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 5'000'000;
    const char* curves = argc > 2 ? argv[2] : nullptr;  // file to which lines are added
    const auto folder =
        fs::temp_directory_path() / ("amate-bench-tabulate-" + std::to_string(::getpid()));
    {
        Country country(folder);
        country.freeze(rows);
        Run run(country);
        run.prepare();
        for (const auto& asked : kAsked) run.ask(asked);
        run.ask_figures();
        for (const auto& asked : kCells) run.ask(asked);
        if (curves != nullptr) std::ofstream(curves, std::ios::app) << run.curves();
    }
    fmt::print("peak memory {} MB\n", peak_megabytes());
    fs::remove_all(folder);
    return 0;
}
