// SPDX-License-Identifier: Apache-2.0
// amate -w DIR prove: proofs under the ledger's seals, as JSON, for those who hold a seal.
#include "cli/command.hpp"

#include <optional>

#include "ledger/proofs.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

struct ProveOptions {
    std::optional<std::int64_t> entry, size, from, to;
    std::string register_name, folio;
    std::filesystem::path out;
};

Result<std::string> prove(const Shell& shell, const ProveOptions& options) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto session =
        store::Session::open(open.workspace.session_url(), store::Session::Mode::read_only);
    const auto keys = open.workspace.keys();
    if (options.entry) return ledger::prove_entry(*session, keys, *options.entry, options.size);
    if (options.from) return ledger::prove_growth(*session, keys, *options.from, *options.to);
    return ledger::prove_record(*session, keys, options.register_name, options.folio);
}

}  // namespace

void add_prove(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand(
        "prove", "Prove that an entry or a record is sealed, or that one seal continues another");
    auto options = std::make_shared<ProveOptions>();
    auto* what = command->add_option_group("what", "What to prove");
    auto* entry = what->add_option("--entry", options->entry, "Number of a ledger entry");
    auto* from = what->add_option("--from", options->from, "Size of the older of two seals");
    auto* register_name =
        what->add_option("--register", options->register_name, "Register of a record");
    what->require_option(1);
    command->add_option("--size", options->size, "Size of the seal (the latest)")->needs(entry);
    auto* to =
        command->add_option("--to", options->to, "Size of the newer of two seals")->needs(from);
    auto* folio =
        command->add_option("--folio", options->folio, "Folio of the record")->needs(register_name);
    from->needs(to);
    register_name->needs(folio);
    command->add_option("--out", options->out, "File to write (standard output)");
    command->callback([&shell, options] {
        shell.run = [&shell, options] {
            const auto proof = prove(shell, *options);
            return proof ? write_text(options->out, *proof + "\n") : report(proof.error());
        };
    });
}

}  // namespace amate::cli
