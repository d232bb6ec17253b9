// plasmd card: what this node says about itself, for those who are to trust it.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/file.h"
#include "cli/card_text.h"
#include "cli/data_folder.h"
#include "crypto/public_key_text.h"
#include "job/exit_status.h"
#include "node/local_node.h"
#include "verbs.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  std::string output;
  bool json = false;
};

std::string ForPeople(const trust::NodeCard& card) {
  std::string text = "name         " + card.name + "\n";
  text += "fingerprint  " + crypto::Fingerprint(card.identity) + "\n";
  text += "identity     " + crypto::ToOpenSsh(card.identity) + "\n";
  for (const std::string& endpoint : card.endpoints) text += "endpoint     " + endpoint + "\n";
  return text + CardText(card);
}

Result<void> Show(const Flags& flags) {
  PLASM_TRY(const DataFolder data, DataFolder::Locate(flags.data_dir));
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const node::LocalNode node,
            node::LocalNode::Open(data.root(), PLASM_ENGINE_VERSION, receipt::Signing::kEach, clock,
                                  entropy));
  const node::IssuedCard& issued = node.card();
  if (!flags.output.empty()) return WriteFileAtomically(flags.output, AsBytes(issued.envelope));
  std::string text = flags.json ? issued.envelope : ForPeople(issued.card);
  if (!text.ends_with('\n')) text += '\n';
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
    return Error{ErrorCode::kUnavailable, "the card could not be written"};
  }
  return {};
}

}  // namespace

void AddCardVerb(CLI::App& app, int& exit_status) {
  CLI::App* card = app.add_subcommand("card", "What this node says about itself and its keys");
  card->require_subcommand(1);
  CLI::App* show = card->add_subcommand(
      "show", "Print the node's card, issued if there is none or it ends soon");
  auto flags = std::make_shared<Flags>();
  AddDataDirFlag(*card, flags->data_dir);
  AddDataDirFlag(*show, flags->data_dir);
  auto* json = show->add_flag("--json", flags->json, "The signed card, as others take it");
  show->add_option("-o,--output-file", flags->output, "Write the signed card to FILE")
      ->type_name("FILE")
      ->excludes(json);
  show->footer(
      "Give the card to whoever should trust this node: plasm trust add NAME FILE. It is public.");
  show->callback([flags, &exit_status] {
    const auto shown = Show(*flags);
    if (shown) return;
    PrintError(shown.error().message);
    exit_status = kExitNodeFailed;
  });
}

}  // namespace plasm::app
