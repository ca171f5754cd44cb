// SPDX-License-Identifier: Apache-2.0
// Tells problems of one row of a CSV file from those after which no row can be trusted.
#include "core/csv_rows.hpp"

namespace amate {
namespace {

class CsvRows final : public RowSource {
public:
    CsvRows(CsvReader reader, std::string name)
        : reader_(std::move(reader)), name_(std::move(name)) {}

    Result<void> read_header() {
        auto there = reader_.next(header_);
        if (!there) return fail(named(std::move(there.error().front())));
        if (!*there) header_.cells.clear();
        return {};
    }

    [[nodiscard]] const std::string& name() const override { return name_; }
    [[nodiscard]] const Row& header() const override { return header_; }
    [[nodiscard]] Result<RowState> next(Row& row, Problems& problems) override {
        auto there = reader_.next(row);
        if (there) return *there ? RowState::whole : RowState::end;
        auto problem = named(std::move(there.error().front()));
        if (problem.code == "csv.bad_encoding") {
            problems.push_back(std::move(problem));
            return RowState::faulty;
        }
        // Rows behind an open quote cannot be told apart: setting one "row" apart would lose them.
        if (problem.code == "csv.unclosed_quote" || reader_.line() > problem.place.line + 1) {
            problem.code = "csv.unclosed_quote";
            problem.parameters.clear();
            return fail(std::move(problem));
        }
        row.line = problem.place.line;
        row.cells.clear();
        row.decoded = 0;
        problems.push_back(std::move(problem));
        return RowState::lost;
    }
    [[nodiscard]] std::int64_t done() const override { return reader_.bytes_read(); }
    [[nodiscard]] std::int64_t total() const override { return reader_.bytes_total(); }
    [[nodiscard]] TextForm text_form() const override { return reader_.text_form(); }

private:
    [[nodiscard]] Problem named(Problem problem) const {
        problem.place.file = name_;
        return problem;
    }

    CsvReader reader_;
    std::string name_;
    Row header_;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_csv_rows(const std::filesystem::path& file,
                                                 const CsvFormat& format, const std::string& name) {
    AMATE_TRY(auto reader, CsvReader::open(file, format));
    auto rows = std::make_unique<CsvRows>(std::move(reader),
                                          name.empty() ? file.filename().string() : name);
    AMATE_TRY_VOID(rows->read_header());
    return rows;
}

}  // namespace amate
