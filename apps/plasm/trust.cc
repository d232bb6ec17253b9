// plasm trust: the list of nodes whose receipts count here.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "cli/card_text.h"
#include "cli/data_folder.h"
#include "crypto/public_key_text.h"
#include "trust/trust_store.h"
#include "verbs.h"
#include "verifier_setup.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  std::string name;
  std::string card;
  std::string fingerprint;
  std::string level = "signed";
  std::string at;
  bool self = false;
  bool json = false;
};

const char* StandingText(trust::CardStanding standing) {
  switch (standing) {
    case trust::CardStanding::kFirst:
      return "accepted";
    case trust::CardStanding::kNewer:
      return "accepted in place of an older one";
    default:
      return "known already";
  }
}

// Adds the node that has issued the card, or takes a newer card of a node that is there.
Result<void> Add(const Flags& flags, const DataFolder& data) {
  const std::filesystem::path file = flags.self ? data.card() : std::filesystem::path(flags.card);
  auto bytes = ReadFile(file, trust::kMaxCardBytes);
  if (!bytes && flags.self && bytes.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kNotFound,
                 file.string() +
                     " is not there: this folder's node has issued no card yet "
                     "(plasmd card show)"};
  }
  if (!bytes) return std::move(bytes).error();
  const auto opened = trust::OpenNodeCard(*bytes);
  if (!opened) return Error{opened.error().code, file.string() + ": " + opened.error().message};
  const crypto::PublicKey& identity = opened->card.identity;
  const std::string fingerprint = crypto::Fingerprint(identity);
  if (!flags.fingerprint.empty() && flags.fingerprint != fingerprint) {
    return Error{ErrorCode::kDenied, file.string() + ": the card is that of " + fingerprint +
                                         ", not of " + Quote(flags.fingerprint)};
  }
  PLASM_TRY(const trust::TrustLevel level, trust::ParseTrustLevel(flags.level));

  const trust::TrustStore store(data.root());
  PLASM_TRY(const trust::LoadedTrust loaded, store.Load());
  const trust::TrustedNode* known = loaded.state.file().FindByIdentity(identity);
  if (known != nullptr && known->name != flags.name) {
    return Error{ErrorCode::kConflict,
                 "this node is trusted already, under the name " + Quote(known->name)};
  }
  if (known == nullptr) {
    PLASM_TRY_VOID(store.Add({.name = flags.name,
                              .identity = identity,
                              .level = level,
                              .card_version = {},
                              .revoked = {}}));
  }
  PLASM_TRY(const trust::CardStanding standing, store.AcceptCard(*bytes));
  std::printf("%s  %s  %s\n", flags.name.c_str(), fingerprint.c_str(),
              std::string(trust::TrustLevelName(known ? known->level : level)).c_str());
  std::printf("  card version %llu, %s, valid until %s\n",
              static_cast<unsigned long long>(opened->card.version), StandingText(standing),
              opened->card.expires.ToString().c_str());
  if (known == nullptr && flags.fingerprint.empty() && !flags.self) {
    std::printf("  Whoever runs the node can tell you whether this fingerprint is right.\n");
  }
  return {};
}

void WriteNode(const trust::TrustedNode& node, const trust::OpenedCard* card, JsonWriter& json) {
  json.BeginObject();
  json.Field("name", node.name);
  json.Field("fingerprint", crypto::Fingerprint(node.identity));
  json.Field("identity", crypto::ToOpenSsh(node.identity));
  json.Field("level", trust::TrustLevelName(node.level));
  json.Key("card");
  if (card == nullptr) {
    json.Null();
  } else {
    json.BeginObject();
    json.Field("version", card->card.version);
    json.Field("issued", card->card.issued.ToString());
    json.Field("expires", card->card.expires.ToString());
    json.Key("keys").BeginArray();
    for (const trust::NodeKey& key : card->card.keys) {
      json.BeginObject();
      json.Field("use", trust::KeyUseName(key.use));
      json.Field("fingerprint", crypto::Fingerprint(key.key));
      json.Field("from", key.from.ToString()).Field("to", key.to.ToString());
      if (!key.origin.empty()) json.Field("origin", key.origin);
      json.EndObject();
    }
    json.EndArray();
    json.Key("revoked").BeginArray();
    for (const trust::RevokedKey& key : card->card.revoked) {
      json.BeginObject();
      json.Field("fingerprint", crypto::Fingerprint(key.key)).Field("at", key.at.ToString());
      if (key.log_size) json.Field("log_size", std::to_string(*key.log_size));
      json.EndObject();
    }
    json.EndArray().EndObject();
  }
  json.Key("revoked_here").BeginArray();
  for (const trust::OwnRevocation& revocation : node.revoked) {
    json.BeginObject()
        .Field("fingerprint", revocation.fingerprint)
        .Field("at", revocation.at.ToString())
        .EndObject();
  }
  json.EndArray().EndObject();
}

Result<void> List(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(const trust::TrustState trusted, LoadTrust(data));
  if (flags.json) {
    JsonWriter json(JsonStyle::kPretty);
    json.BeginArray();
    for (const trust::TrustedNode* node : trusted.file().Nodes()) {
      WriteNode(*node, trusted.CardOf(node->identity), json);
    }
    json.EndArray();
    std::printf("%s\n", std::move(json).Take().c_str());
    return {};
  }
  std::size_t width = 4;
  for (const auto* node : trusted.file().Nodes()) width = std::max(width, node->name.size());
  for (const trust::TrustedNode* node : trusted.file().Nodes()) {
    const trust::OpenedCard* card = trusted.CardOf(node->identity);
    std::printf("%-*s  %s  %-9s  %s\n", static_cast<int>(width), node->name.c_str(),
                crypto::Fingerprint(node->identity).c_str(),
                std::string(trust::TrustLevelName(node->level)).c_str(),
                card == nullptr ? "no card"
                                : ("card " + std::to_string(card->card.version) + " until " +
                                   card->card.expires.ToString())
                                      .c_str());
  }
  return {};
}

Result<void> Show(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(const trust::TrustState trusted, LoadTrust(data));
  const trust::TrustedNode* node = trusted.file().FindByName(flags.name);
  if (node == nullptr) {
    return Error{ErrorCode::kNotFound, "no node " + Quote(flags.name) + " is trusted here"};
  }
  const trust::OpenedCard* card = trusted.CardOf(node->identity);
  if (flags.json) {
    JsonWriter json(JsonStyle::kPretty);
    WriteNode(*node, card, json);
    std::printf("%s\n", std::move(json).Take().c_str());
    return {};
  }
  std::printf("name         %s\n", node->name.c_str());
  std::printf("fingerprint  %s\n", crypto::Fingerprint(node->identity).c_str());
  std::printf("identity     %s\n", crypto::ToOpenSsh(node->identity).c_str());
  std::printf("level        %s\n", std::string(trust::TrustLevelName(node->level)).c_str());
  for (const trust::OwnRevocation& revocation : node->revoked) {
    std::printf("revoked here %s since %s\n", revocation.fingerprint.c_str(),
                revocation.at.ToString().c_str());
  }
  if (card == nullptr) {
    std::printf("card         none: its receipts cannot be verified\n");
    return {};
  }
  std::fputs(CardText(card->card).c_str(), stdout);
  return {};
}

Result<void> SetLevel(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(const trust::TrustLevel level, trust::ParseTrustLevel(flags.level));
  return trust::TrustStore(data.root()).SetLevel(flags.name, level);
}

Result<void> Remove(const Flags& flags, const DataFolder& data) {
  return trust::TrustStore(data.root()).Remove(flags.name);
}

Result<void> Revoke(const Flags& flags, const DataFolder& data) {
  UtcTime at = UtcTime::FromNanoseconds(SystemClock().RealtimeNs());
  if (!flags.at.empty()) {
    PLASM_TRY(at, UtcTime::Parse(flags.at));
  }
  return trust::TrustStore(data.root()).Revoke(flags.name, {flags.fingerprint, at});
}

using Action = Result<void> (*)(const Flags&, const DataFolder&);

// A verb below `trust`, with the flags that all of them have.
CLI::App* AddAction(CLI::App& trust_verb, const char* name, const char* what,
                    std::shared_ptr<Flags> flags, Action action, int& exit_status) {
  CLI::App* verb = trust_verb.add_subcommand(name, what);
  AddDataDirFlag(*verb, flags->data_dir);
  verb->callback([flags, action, &exit_status] {
    const auto data = DataFolder::Locate(flags->data_dir);
    const auto done = data ? action(*flags, *data) : Result<void>(data.error());
    if (!done) exit_status = Failed(done.error());
  });
  return verb;
}

}  // namespace

void AddTrustVerb(CLI::App& app, int& exit_status) {
  CLI::App* trust_verb = app.add_subcommand("trust", "Nodes whose receipts count here");
  trust_verb->require_subcommand(1);
  const auto levels = CLI::IsMember({"signed", "logged", "witnessed", "blocked"});
  const auto add_name = [](CLI::App* verb, const std::shared_ptr<Flags>& flags) {
    verb->add_option("NAME", flags->name, "Your own name for the node")->required();
  };

  auto flags = std::make_shared<Flags>();
  CLI::App* add =
      AddAction(*trust_verb, "add", "Trust the node that has issued a card, or take its newer card",
                flags, Add, exit_status);
  add_name(add, flags);
  auto* card = add->add_option("CARD", flags->card, "File with the node's card");
  auto* self = add->add_flag("--self", flags->self, "The node of this data folder");
  card->excludes(self);
  add->add_option("--fingerprint", flags->fingerprint, "Refuse the card unless it is that of")
      ->type_name("SHA256:…");
  add->add_option("--level", flags->level,
                  "signed: a signature will do; logged: a proof of the log too; witnessed: and "
                  "the quorum of your policy; blocked [signed]")
      ->type_name("LEVEL")
      ->check(levels);
  add->parse_complete_callback([card, self] {
    if (card->count() + self->count() == 0) {
      throw CLI::RequiredError("CARD or --self");
    }
  });

  flags = std::make_shared<Flags>();
  CLI::App* list = AddAction(*trust_verb, "list", "All trusted nodes", flags, List, exit_status);
  list->add_flag("--json", flags->json, "As JSON");

  flags = std::make_shared<Flags>();
  CLI::App* show =
      AddAction(*trust_verb, "show", "One node and its card", flags, Show, exit_status);
  add_name(show, flags);
  show->add_flag("--json", flags->json, "As JSON");

  flags = std::make_shared<Flags>();
  CLI::App* level = AddAction(*trust_verb, "level", "Ask more or less of a node's receipts", flags,
                              SetLevel, exit_status);
  add_name(level, flags);
  level->add_option("LEVEL", flags->level, "signed, logged, witnessed or blocked")
      ->required()
      ->check(levels);

  flags = std::make_shared<Flags>();
  CLI::App* revoke = AddAction(*trust_verb, "revoke", "Believe one of a node's keys no more", flags,
                               Revoke, exit_status);
  add_name(revoke, flags);
  revoke->add_option("FINGERPRINT", flags->fingerprint, "The key, as SHA256:…")->required();
  revoke->add_option("--at", flags->at, "Since when [now]")->type_name("TIME");

  flags = std::make_shared<Flags>();
  CLI::App* remove = AddAction(*trust_verb, "remove", "Trust a node no more, and forget its card",
                               flags, Remove, exit_status);
  add_name(remove, flags);
}

}  // namespace plasm::app
