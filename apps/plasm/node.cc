// plasm node: the nodes that jobs can be sent to.
#include <unistd.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "client/node_introduction.h"
#include "client/node_tokens.h"
#include "crypto/public_key_text.h"
#include "node_access.h"
#include "trust/trust_store.h"
#include "verbs.h"
#include "verifier_setup.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  std::string node;  // name
  std::string url;
  std::string fingerprint;
  std::string token_file;  // "-": standard input
  bool remove_token = false;
  bool yes = false;
  bool json = false;
};

// Asks at a terminal; elsewhere nobody could have answered.
Result<bool> Confirmed(const std::string& fingerprint, const net::Endpoint& endpoint) {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) {
    return Error{ErrorCode::kDenied,
                 endpoint.ToString() + " is the node " + fingerprint +
                     ", and nobody is here to say whether that is right: name what you expect "
                     "with --fingerprint, or take it as it is with --yes"};
  }
  std::fprintf(stderr,
               "%s is the node\n  %s\nWhoever runs it can tell you whether this is right. Trust "
               "it? [y/N] ",
               endpoint.ToString().c_str(), fingerprint.c_str());
  char answer[16] = {};
  if (std::fgets(answer, sizeof(answer), stdin) == nullptr) return false;
  return answer[0] == 'y' || answer[0] == 'Y';
}

Result<int> Add(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  PLASM_TRY(const net::Endpoint endpoint, net::Endpoint::Parse(flags.url));
  std::optional<std::string> token;
  if (!flags.token_file.empty()) {
    PLASM_TRY(token, client::ReadTokenSecret(flags.token_file));
  }
  PLASM_TRY(const client::Introduction node, client::MeetNode(clock, endpoint));
  const std::string fingerprint = node.Fingerprint();
  if (!flags.fingerprint.empty()) {
    PLASM_TRY_VOID(client::ExpectFingerprint(node, flags.fingerprint));
  }
  PLASM_TRY(const trust::LoadedTrust loaded, trust::TrustStore(data.root()).Load());
  PLASM_TRY(const client::NodeName planned, client::NameFor(node, flags.node, loaded.state.file()));
  if (!planned.trusted && flags.fingerprint.empty() && !flags.yes) {
    PLASM_TRY(const bool confirmed, Confirmed(fingerprint, endpoint));
    if (!confirmed) return Error{ErrorCode::kDenied, "the node was not added"};
  }
  PLASM_TRY_VOID(client::AdmitNode(data, node, planned));
  const std::string& name = planned.name;
  if (token) PLASM_TRY_VOID(client::NodeTokenFile(data.root()).Put(name, *token));
  if (flags.json) {
    JsonWriter json(JsonStyle::kPretty);
    json.BeginObject().Field("name", name).Field("endpoint", endpoint.ToString());
    json.Field("fingerprint", fingerprint).EndObject();
    std::printf("%s\n", std::move(json).Take().c_str());
  } else {
    std::printf("%s  %s  %s\n", name.c_str(), endpoint.ToString().c_str(), fingerprint.c_str());
  }
  return kPlasmOk;
}

Result<int> List(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(const client::NodeList list, client::NodeListFile(data.root()).Load());
  PLASM_TRY(const trust::TrustState trusted, LoadTrust(data));
  PLASM_TRY(const client::NodeTokens tokens, client::NodeTokenFile(data.root()).Load());
  const auto fingerprint_of = [&](const std::string& name) {
    const trust::TrustedNode* node = trusted.file().FindByName(name);
    return node == nullptr ? std::string() : crypto::Fingerprint(node->identity);
  };
  const std::vector<client::KnownNode> nodes = list.Nodes();
  if (flags.json) {
    JsonWriter json(JsonStyle::kPretty);
    json.BeginArray();
    for (const client::KnownNode& node : nodes) {
      json.BeginObject().Field("name", node.name).Field("endpoint", node.endpoint.ToString());
      json.Field("fingerprint", fingerprint_of(node.name));
      json.Field("token", tokens.Find(node.name).has_value()).EndObject();
    }
    json.EndArray();
    std::printf("%s\n", std::move(json).Take().c_str());
    return kPlasmOk;
  }
  std::size_t width = 4;
  for (const client::KnownNode& node : nodes) width = std::max(width, node.name.size());
  for (const client::KnownNode& node : nodes) {
    const std::string fingerprint = fingerprint_of(node.name);
    std::printf("%-*s  %s  %s%s\n", static_cast<int>(width), node.name.c_str(),
                node.endpoint.ToString().c_str(),
                fingerprint.empty() ? "not trusted" : fingerprint.c_str(),
                tokens.Find(node.name) ? "  by token" : "");
  }
  return kPlasmOk;
}

// Its receipts go on counting: plasm trust remove ends that.
Result<int> Remove(const Flags& flags, const DataFolder& data) {
  PLASM_TRY_VOID(client::NodeListFile(data.root()).Remove(flags.node));
  PLASM_TRY_VOID(client::NodeTokenFile(data.root()).Remove(flags.node));
  return kPlasmOk;
}

// What this client says of itself there: a token, or its certificate again.
Result<int> Token(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(const client::NodeList list, client::NodeListFile(data.root()).Load());
  if (!list.Find(flags.node)) {
    return Error{ErrorCode::kNotFound,
                 "no node " + Quote(flags.node) + " is known here: add it with plasm node add URL"};
  }
  const client::NodeTokenFile file(data.root());
  if (flags.remove_token) {
    PLASM_TRY_VOID(file.Remove(flags.node));
    return kPlasmOk;
  }
  PLASM_TRY(const std::string secret,
            client::ReadTokenSecret(flags.token_file.empty() ? "-" : flags.token_file));
  PLASM_TRY_VOID(file.Put(flags.node, secret));
  return kPlasmOk;
}

Result<int> Info(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const std::optional<client::KnownNode> node, ChosenNode(data, flags.node));
  if (!node) return Error{ErrorCode::kInvalid, "no node is known here: plasm node add URL"};
  PLASM_TRY(const auto access, NodeAccess::Open(data, *node, clock, entropy));
  PLASM_TRY(const client::NodeStatus status, access->node().Status());
  if (flags.json) {
    JsonWriter json(JsonStyle::kPretty);
    client::WriteNodeStatus(status, json);
    std::printf("%s\n", std::move(json).Take().c_str());
    return kPlasmOk;
  }
  std::string profiles;
  for (const std::string& name : status.profiles) profiles += (profiles.empty() ? "" : ", ") + name;
  std::printf("node      %s  %s\n", node->name.c_str(), node->endpoint.ToString().c_str());
  std::printf("version   %s, %s, %s\n", status.version.c_str(), status.engine.c_str(),
              status.arch.c_str());
  std::printf("profiles  %s\n", profiles.c_str());
  std::printf("jobs      %llu queued, %llu running, %llu cores%s\n",
              static_cast<unsigned long long>(status.queued),
              static_cast<unsigned long long>(status.running),
              static_cast<unsigned long long>(status.cores),
              status.draining ? ", takes no more" : "");
  std::printf("at most   %llu MiB of memory, %llu s, %llu MiB of output\n",
              static_cast<unsigned long long>(status.most.memory_bytes >> 20),
              static_cast<unsigned long long>(status.most.wall_time_ms / 1000),
              static_cast<unsigned long long>(status.most.output_bytes >> 20));
  return kPlasmOk;
}

using Action = Result<int> (*)(const Flags&, const DataFolder&);

CLI::App* AddAction(CLI::App& above, const char* name, const char* what, Action action,
                    const std::shared_ptr<Flags>& flags, int& exit_status) {
  CLI::App* verb = above.add_subcommand(name, what);
  AddDataDirFlag(*verb, flags->data_dir);
  verb->add_flag("--json", flags->json, "As JSON");
  verb->callback([flags, action, &exit_status] {
    const auto data = DataFolder::Locate(flags->data_dir);
    const auto done = data ? action(*flags, *data) : Result<int>(data.error());
    exit_status = done ? *done : Failed(done.error());
  });
  return verb;
}

// A file, since what stands on a command line can be read by every user of the machine.
CLI::Option* AddTokenFileFlag(CLI::App& verb, std::string& file, const std::string& otherwise) {
  return verb
      .add_option("--token-file", file,
                  "The token that plasmd token create printed there; - is standard input [" +
                      otherwise + "]")
      ->type_name("FILE");
}

}  // namespace

void AddNodeVerb(CLI::App& app, int& exit_status) {
  CLI::App* node = app.add_subcommand("node", "Nodes that jobs can be sent to");
  node->require_subcommand(1);
  auto flags = std::make_shared<Flags>();
  CLI::App* add =
      AddAction(*node, "add", "Get to know a node: trust its identity, and remember where it is",
                Add, flags, exit_status);
  add->add_option("URL", flags->url, "https://HOST[:PORT], or unix:/PATH of its socket")
      ->required();
  add->add_option("--name", flags->node, "Your own name for it [its host]")->type_name("NAME");
  add->add_option("--fingerprint", flags->fingerprint, "Refuse it unless it has this identity")
      ->type_name("SHA256:…");
  add->add_flag("--yes", flags->yes, "Do not ask");
  AddTokenFileFlag(*add, flags->token_file, "none: show the client's certificate");

  flags = std::make_shared<Flags>();
  AddAction(*node, "list", "All nodes that are known here", List, flags, exit_status);

  flags = std::make_shared<Flags>();
  CLI::App* remove = AddAction(*node, "remove",
                               "Forget where a node is; its receipts count on (plasm trust remove)",
                               Remove, flags, exit_status);
  remove->add_option("NAME", flags->node, "The node")->required();

  flags = std::make_shared<Flags>();
  CLI::App* token = AddAction(
      *node, "token", "Keep the token that a node gave to this client, and present it from now on",
      Token, flags, exit_status);
  token->add_option("NAME", flags->node, "The node")->required();
  auto* from = AddTokenFileFlag(*token, flags->token_file, "standard input");
  token
      ->add_flag("--remove", flags->remove_token,
                 "Forget it, and show the client's certificate again")
      ->excludes(from);

  flags = std::make_shared<Flags>();
  CLI::App* info =
      AddAction(*node, "info", "What a node can do, and how busy it is", Info, flags, exit_status);
  info->add_option("NAME", flags->node, "The node [$PLASM_NODE, or the only one]");
}

}  // namespace plasm::app
