// SPDX-License-Identifier: Apache-2.0
// Pulls rows out of the stream of a sheet.
#include "exchange/internal/xlsx_rows.hpp"

#include <utility>

#include "exchange/internal/xlsx_sheet.hpp"
#include "exchange/internal/xlsx_workbook.hpp"
#include "exchange/internal/xml_reader.hpp"
#include "exchange/internal/zip_archive.hpp"

namespace amate::exchange::internal {
namespace {

class XlsxRows final : public RowSource {
public:
    XlsxRows(ZipArchive archive, Workbook workbook, std::string name)
        : archive_(std::move(archive)),
          workbook_(std::move(workbook)),
          name_(std::move(name)),
          handler_(workbook_, name_),
          reader_(archive_, handler_, name_, workbook_.sheet_part) {}

    Result<void> read_header() {
        SheetRow first;
        AMATE_TRY(const bool there, pull(first));
        if (!there) return {};
        if (first.state != RowState::whole) return fail(std::move(first.problems));
        header_ = std::move(first.row);
        return {};
    }

    [[nodiscard]] const std::string& name() const override { return name_; }
    [[nodiscard]] const Row& header() const override { return header_; }
    [[nodiscard]] Result<RowState> next(Row& row, Problems& problems) override {
        SheetRow pulled;
        AMATE_TRY(const bool there, pull(pulled));
        if (!there) return RowState::end;
        row = std::move(pulled.row);
        problems = std::move(pulled.problems);
        return pulled.state;
    }
    [[nodiscard]] std::int64_t done() const override { return archive_.part_read(); }
    [[nodiscard]] std::int64_t total() const override { return archive_.part_total(); }
    [[nodiscard]] TextForm text_form() const override { return {Encoding::utf8, true}; }

private:
    // False at the end of the sheet.
    Result<bool> pull(SheetRow& row) {
        while (handler_.rows.empty()) {
            AMATE_TRY(const bool more, reader_.advance());
            if (!handler_.refused.empty()) return fail(handler_.refused);
            if (!more && handler_.rows.empty()) return false;
        }
        row = std::move(handler_.rows.front());
        handler_.rows.pop_front();
        return true;
    }

    ZipArchive archive_;
    Workbook workbook_;
    std::string name_;
    Row header_;
    SheetHandler handler_;
    XmlReader reader_;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_xlsx_rows(const std::filesystem::path& file,
                                                  const std::string& sheet,
                                                  const std::string& name) {
    AMATE_TRY(auto archive, ZipArchive::open(file, name));
    AMATE_TRY(auto workbook, read_workbook(archive, sheet, name));
    const auto place = name + "/" + workbook.sheet_name;
    AMATE_TRY_VOID(archive.open_part(workbook.sheet_part));
    auto rows = std::make_unique<XlsxRows>(std::move(archive), std::move(workbook), place);
    AMATE_TRY_VOID(rows->read_header());
    return rows;
}

}  // namespace amate::exchange::internal
