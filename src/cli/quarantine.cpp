// SPDX-License-Identifier: Apache-2.0
// amate -w DIR quarantine list|show|correct: rows that did not fit, mended one by one.
#include "cli/command.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/text.hpp"
#include "registry/batches.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kCellsBytesMax = 1'000'000;

struct QuarantineOptions {
    std::int64_t entry = 0;  // of the batch
    registry::PageBounds bounds;
    std::int64_t row = 0;
    std::string file;  // "-" for standard input
};

// What each of the commands works on.
struct OpenQuarantine {
    OpenWorkspace open;
    std::unique_ptr<Clock> clock;
    std::unique_ptr<store::Session> session;

    [[nodiscard]] registry::QuarantineDesk desk() const {
        return {*open.pack, open.workspace, *session, *clock};
    }
};

Result<OpenQuarantine> open_quarantine(const Shell& shell) {
    AMATE_TRY(auto open, open_workspace(shell));
    AMATE_TRY_VOID(settle_schema(open));
    auto clock = make_system_clock(open.pack->time_zone);
    auto session = store::open_session(open.workspace, store::Session::Mode::read_write);
    return OpenQuarantine{std::move(open), std::move(clock), std::move(session)};
}

Result<registry::Batch> batch_of(const OpenQuarantine& open, std::int64_t entry) {
    for (auto& batch : registry::batches(*open.session)) {
        if (batch.ledger_seq == entry) return std::move(batch);
    }
    return fail(Problem{"registry.no_such_batch", {}, {}});
}

Result<void> list(const Shell& shell) {
    AMATE_TRY(const auto open, open_quarantine(shell));
    for (const auto& batch : registry::batches(*open.session)) {
        std::cout << fmt::format(
            "{:>6}  {}  {}: {} rows read, {} accepted ({} mended), {} quarantined\n",
            batch.ledger_seq, batch.at, batch.source_name, batch.rows_read, batch.accepted,
            batch.corrected, batch.quarantined);
    }
    return {};
}

Result<void> show(const Shell& shell, const QuarantineOptions& options) {
    AMATE_TRY(const auto open, open_quarantine(shell));
    AMATE_TRY(const auto batch, batch_of(open, options.entry));
    AMATE_TRY(const auto page,
              registry::read_quarantine(open.desk(), batch, command_line_actor(), options.bounds));
    const auto& languages = open.open.pack->languages;
    const auto language = languages.empty() ? std::string("en") : languages.front();
    for (const auto& row : page.rows) {
        std::cout << fmt::format("row {}\n", row.line);
        for (std::size_t i = 0; i < page.headers.size(); ++i) {
            json::value cell = nullptr;
            if (row.cells[i]) cell = *row.cells[i];
            std::cout << fmt::format("  {}: {}\n", page.headers[i], json::serialize(cell));
        }
        for (const auto& problem : row.problems) {
            std::cout << fmt::format("  {} {}: {}\n", problem.code, problem.place.path,
                                     text_of(problem, language));
        }
    }
    std::cout << fmt::format("{} of {} rows\n", page.rows.size(), page.total);
    return {};
}

// {"HEADER": "text"}; from a file, so that nothing stands in the list of processes.
Result<std::map<std::string, std::string>> read_cells(const std::string& file) {
    std::ifstream opened;
    if (file != "-") opened.open(file, std::ios::binary);
    auto& stream = file == "-" ? std::cin : opened;
    std::string text(kCellsBytesMax, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    boost::system::error_code failed;
    const auto parsed = json::parse(text, failed);
    std::map<std::string, std::string> cells;
    bool sound = !failed && parsed.is_object();
    if (sound) {
        for (const auto& cell : parsed.get_object()) {
            sound = sound && cell.value().is_string();
            if (sound) cells.emplace(cell.key(), cell.value().get_string());
        }
    }
    if (!sound) return fail(Problem{"cli.bad_cells", {file, 0, 0, {}}, {}});
    return cells;
}

Result<void> correct(const Shell& shell, const QuarantineOptions& options) {
    AMATE_TRY(const auto open, open_quarantine(shell));
    AMATE_TRY(const auto batch, batch_of(open, options.entry));
    registry::RowCorrection correction{options.row, {}};
    AMATE_TRY(correction.cells, read_cells(options.file));
    AMATE_TRY(const auto done,
              registry::correct_row(open.desk(), batch, command_line_actor(), correction));
    std::cout << fmt::format("{}: row {} is now {}, entry {}\n", batch.source_name, options.row,
                             done.folio, done.ledger_seq);
    return {};
}

using Command = Result<void> (*)(const Shell&, const QuarantineOptions&);

}  // namespace

void add_quarantine(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("quarantine", "Rows of files that did not fit");
    command->require_subcommand(1);
    auto options = std::make_shared<QuarantineOptions>();
    const auto runs = [&shell, options](CLI::App* sub, Command run) {
        sub->callback([&shell, options, run] {
            shell.run = [&shell, options, run] {
                const auto done = run(shell, *options);
                return done ? 0 : report(done.error());
            };
        });
    };
    runs(command->add_subcommand("list", "Files taken in, newest first"),
         [](const Shell& at, const QuarantineOptions&) { return list(at); });

    auto* showing = command->add_subcommand("show", "Rows of a file that wait, and why");
    showing->add_option("ENTRY", options->entry, "Entry of the batch in the ledger")->required();
    showing->add_option("--offset", options->bounds.offset, "Rows to pass over");
    showing->add_option("--limit", options->bounds.limit, "Rows to show")->capture_default_str();
    runs(showing, show);

    auto* mending = command->add_subcommand("correct", "Mend a row and take it in");
    mending->add_option("ENTRY", options->entry, "Entry of the batch in the ledger")->required();
    mending->add_option("ROW", options->row, "Line of the row in its file")->required();
    mending
        ->add_option("CELLS", options->file,
                     "File of one JSON object, {\"HEADER\": \"text\"}; - for standard input")
        ->required();
    runs(mending, correct);
}

}  // namespace amate::cli
