// plasm completion: what a shell offers behind the words that are there already.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/data_folder.h"
#include "client/node_list.h"
#include "verbs.h"

namespace plasm::app {
namespace {

constexpr const char* kVerb = "__complete";

constexpr std::string_view kBash = R"(_plasm() {
  local IFS=$'\n'
  COMPREPLY=($(plasm __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _plasm plasm
)";

constexpr std::string_view kZsh = R"(#compdef plasm
_plasm() {
  local -a candidates
  candidates=("${(@f)$(plasm __complete "${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)}")
  if [[ -n "${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
}
if [[ "$funcstack[1]" = "_plasm" ]]; then _plasm "$@"; else compdef _plasm plasm; fi
)";

constexpr std::string_view kFish = R"(function __plasm_complete
  set -l words (commandline -opc) (commandline -ct)
  plasm __complete $words[2..-1] 2>/dev/null
end
complete -c plasm -f -n 'count (__plasm_complete) >/dev/null' -a '(__plasm_complete)'
)";

// Names of nodes; a file that can't be read offers none.
std::vector<std::string> NodeNames() {
  std::vector<std::string> names{std::string(client::kLocalName)};
  const auto data = DataFolder::Locate("");
  if (!data) return names;
  const auto list = client::NodeListFile(data->root()).Load();
  if (!list) return names;
  for (const client::KnownNode& node : list->Nodes()) names.push_back(node.name);
  return names;
}

// The option that the word is, of this verb.
const CLI::Option* OptionNamed(const CLI::App& verb, const std::string& word) {
  for (const CLI::Option* option : verb.get_options()) {
    if (!option->get_positional() && option->check_name(word)) return option;
  }
  return nullptr;
}

// What may stand in the place of the last word.
std::vector<std::string> Candidates(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* verb = &app;
  const CLI::Option* open = nullptr;  // an option that wants a value
  bool guest = false;                 // behind MODULE all is the guest's
  for (std::size_t i = 0; i + 1 < words.size() && !guest; ++i) {
    if (open != nullptr) {
      open = nullptr;
    } else if (words[i].starts_with("-")) {
      const CLI::Option* option = OptionNamed(*verb, words[i]);
      if (option != nullptr && option->get_items_expected_max() > 0) open = option;
    } else if (const auto below = verb->get_subcommands(
                   [&](const CLI::App* sub) { return sub->get_name() == words[i]; });
               !below.empty()) {
      verb = below.front();
    } else {
      guest = verb->get_prefix_command();
    }
  }
  if (guest) return {};
  std::vector<std::string> found;
  if (open != nullptr) return open->check_name("--node") ? NodeNames() : found;
  if (!words.back().starts_with("-")) {
    for (const CLI::App* sub : verb->get_subcommands([](const CLI::App*) { return true; })) {
      if (!sub->get_group().empty()) found.push_back(sub->get_name());
    }
    return found;
  }
  for (const CLI::Option* option : verb->get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) found.push_back("--" + name);
  }
  return found;
}

}  // namespace

void AddCompletionVerb(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("completion", "A script that makes a shell complete plasm");
  auto shell = std::make_shared<std::string>();
  verb->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->footer("As in: source <(plasm completion bash)");
  verb->callback([shell] {
    const std::string_view script = *shell == "bash" ? kBash : *shell == "zsh" ? kZsh : kFish;
    std::fwrite(script.data(), 1, script.size(), stdout);
  });
}

void AddCompleteVerb(CLI::App& app) {
  CLI::App* verb = app.add_subcommand(kVerb)->group("");
  verb->prefix_command();
  verb->set_help_flag();
  verb->callback([verb, &app] {
    std::vector<std::string> words = verb->remaining();
    if (words.empty()) words.emplace_back();
    std::set<std::string> shown;
    for (const std::string& word : Candidates(app, words)) {
      if (word.starts_with(words.back()) && shown.insert(word).second) {
        std::printf("%s\n", word.c_str());
      }
    }
  });
}

}  // namespace plasm::app
