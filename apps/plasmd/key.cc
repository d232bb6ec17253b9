// plasmd key: the node's keys, their public parts only; replaces and revokes them.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/entropy.h"
#include "base/json_writer.h"
#include "cli/data_folder.h"
#include "crypto/key_file.h"
#include "crypto/public_key_text.h"
#include "job/exit_status.h"
#include "node/key_change.h"
#include "node/node_keys.h"
#include "verbs.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  std::string key = "receipt";
  std::string fingerprint_to_revoke;
  std::string at;
  std::string log_size;
  bool pem = false;
  bool fingerprint = false;
  bool json = false;
};

std::filesystem::path KeyFile(const std::string& key, const DataFolder& data) {
  if (key == "identity") return node::IdentityKeyPath(data.root());
  if (key == "tls") return node::TlsKeyPath(data.root());
  return key == "log" ? node::LogKeyPath(data.root()) : node::ReceiptKeyPath(data.root());
}

Result<std::string> Show(const Flags& flags, const DataFolder& data) {
  const std::filesystem::path file = KeyFile(flags.key, data);
  SystemEntropy entropy;
  PLASM_TRY(const crypto::SigningKey signing_key, crypto::LoadOrCreateSigningKey(file, entropy));
  const crypto::PublicKey& key = signing_key.public_key();
  if (flags.pem) return crypto::ToPem(key);
  if (flags.fingerprint) return crypto::Fingerprint(key) + "\n";
  if (!flags.json) return key.ToHex() + "\n";
  JsonWriter out(JsonStyle::kPretty);
  out.BeginObject().Field("key", flags.key).Field("public_key", key.ToHex());
  // The name that it has in receipts v0.1.
  if (flags.key == "receipt") out.Field("node_pubkey", key.ToHex());
  out.Field("fingerprint", crypto::Fingerprint(key))
      .Field("openssh", crypto::ToOpenSsh(key))
      .Field("pem", crypto::ToPem(key))
      .Field("file", file.string())
      .EndObject();
  return std::move(out).Take() + "\n";
}

// What the system gives to a change, for as long as it takes.
class Setting {
 public:
  explicit Setting(const DataFolder& data)
      : setting_{data.root(), PLASM_ENGINE_VERSION, clock_, entropy_} {}
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;
  const node::KeyChangeSetting& operator*() const { return setting_; }

 private:
  SystemClock clock_;
  SystemEntropy entropy_;
  node::KeyChangeSetting setting_;
};

std::string WhatNow(const node::IssuedCard& card) {
  return "card  version " + std::to_string(card.card.version) +
         ": whoever trusts this node needs it (plasmd card show -o FILE)\n";
}

Result<std::string> Rotate(const Flags& flags, const DataFolder& data) {
  const Setting setting(data);
  const trust::KeyUse use = flags.key == "log"   ? trust::KeyUse::kLog
                            : flags.key == "tls" ? trust::KeyUse::kTls
                                                 : trust::KeyUse::kReceipt;
  PLASM_TRY(const node::ReplacedKey replaced, node::ReplaceKey(*setting, use));
  const std::string before = crypto::Fingerprint(replaced.before);
  const std::string now = crypto::Fingerprint(replaced.now);
  if (!flags.json) {
    return "old   " + before + ", what it has signed counts on\n" + "new   " + now + "\n" +
           WhatNow(replaced.card);
  }
  JsonWriter out(JsonStyle::kPretty);
  out.BeginObject()
      .Field("key", flags.key)
      .Field("old", before)
      .Field("new", now)
      .Field("card_version", replaced.card.card.version)
      .EndObject();
  return std::move(out).Take() + "\n";
}

Result<node::RevocationWish> WishOf(const Flags& flags) {
  node::RevocationWish wish{.fingerprint = flags.fingerprint_to_revoke, .at = {}, .log_size = {}};
  if (!crypto::IsFingerprint(wish.fingerprint)) {
    return Error{ErrorCode::kInvalid,
                 "expected a fingerprint as key show --fingerprint prints it: SHA256:…"};
  }
  if (!flags.at.empty()) {
    const auto at = UtcTime::Parse(flags.at);
    if (!at) return Error{ErrorCode::kInvalid, "--at: " + at.error().message};
    wish.at = *at;
  }
  if (!flags.log_size.empty()) {
    const auto size = ParseDecimal(flags.log_size);
    if (!size) return Error{ErrorCode::kInvalid, "--log-size: " + size.error().message};
    wish.log_size = *size;
  }
  return wish;
}

std::string RevokedText(const node::RevokedNodeKey& revoked) {
  std::string text = "revoked  " + crypto::Fingerprint(revoked.key.key) + ", " +
                     std::string(trust::KeyUseName(revoked.key.use)) + " key, since " +
                     revoked.at.ToString() + "\n";
  if (revoked.log_size) {
    text += "  of its receipts, those among the first " + std::to_string(*revoked.log_size) +
            " of the log count on, with their proofs\n";
  } else if (revoked.key.use == trust::KeyUse::kReceipt) {
    text += "  none of its receipts counts: the node had no log then\n";
  } else if (revoked.key.use == trust::KeyUse::kLog) {
    text += "  no proof by it counts\n";
  }
  if (revoked.replaced) {
    text += "new   " + crypto::Fingerprint(revoked.replaced->now) + " takes its place\n";
  }
  return text + WhatNow(revoked.card);
}

std::string RevokedJson(const node::RevokedNodeKey& revoked) {
  JsonWriter out(JsonStyle::kPretty);
  out.BeginObject()
      .Field("key", trust::KeyUseName(revoked.key.use))
      .Field("revoked", crypto::Fingerprint(revoked.key.key))
      .Field("at", revoked.at.ToString());
  if (revoked.log_size) out.Field("log_size", std::to_string(*revoked.log_size));
  if (revoked.replaced) out.Field("new", crypto::Fingerprint(revoked.replaced->now));
  out.Field("card_version", revoked.card.card.version).EndObject();
  return std::move(out).Take() + "\n";
}

Result<std::string> Revoke(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(const node::RevocationWish wish, WishOf(flags));
  const Setting setting(data);
  PLASM_TRY(const node::RevokedNodeKey revoked, node::RevokeKey(*setting, wish));
  return flags.json ? RevokedJson(revoked) : RevokedText(revoked);
}

using Action = Result<std::string> (*)(const Flags&, const DataFolder&);

// A verb below `key`. The data folder may stand before it too.
CLI::App* AddAction(CLI::App& key_verb, const char* name, const char* what,
                    const std::shared_ptr<Flags>& flags, Action action, int& exit_status) {
  CLI::App* verb = key_verb.add_subcommand(name, what);
  AddDataDirFlag(*verb, flags->data_dir);
  verb->callback([flags, action, &exit_status] {
    const auto data = DataFolder::Locate(flags->data_dir);
    const auto text = data ? action(*flags, *data) : Result<std::string>(data.error());
    if (text && std::fputs(text->c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return;
    PrintError(text ? "the result could not be written" : text.error().message);
    exit_status = kExitNodeFailed;
  });
  return verb;
}

}  // namespace

void AddKeyVerb(CLI::App& app, int& exit_status) {
  CLI::App* key = app.add_subcommand("key", "The node's keys: show, replace, revoke");
  key->require_subcommand(1);
  auto flags = std::make_shared<Flags>();
  AddDataDirFlag(*key, flags->data_dir);

  CLI::App* show = AddAction(*key, "show",
                             "Print a public key in hex, as receipts have it; make the key if "
                             "there is none",
                             flags, Show, exit_status);
  show->add_option("KEY", flags->key, "identity, receipt, log or tls [receipt]")
      ->check(CLI::IsMember({"identity", "receipt", "log", "tls"}));
  auto* format = show->add_option_group("format");
  format->add_flag("--pem", flags->pem, "As PEM, for openssl");
  format->add_flag("--fingerprint", flags->fingerprint, "As SHA256:…, as ssh-keygen -l shows it");
  format->add_flag("--json", flags->json, "Everything, as JSON");
  format->require_option(0, 1);

  CLI::App* rotate = AddAction(*key, "rotate",
                               "Put a new key in the place of one that is in use, and issue a "
                               "card that says so",
                               flags, Rotate, exit_status);
  rotate->add_option("KEY", flags->key, "receipt, tls, or log, which begins another log [receipt]")
      ->check(CLI::IsMember({"receipt", "log", "tls"}));
  rotate->add_flag("--json", flags->json, "As JSON");
  rotate->footer("The old key is kept beside the new one, as receipt.key.….retired.");

  CLI::App* revoke = AddAction(*key, "revoke",
                               "Issue a card by which a key must not be believed any more; one "
                               "in use is replaced",
                               flags, Revoke, exit_status);
  revoke->add_option("FINGERPRINT", flags->fingerprint_to_revoke, "The key, as SHA256:…")
      ->required();
  revoke->add_option("--at", flags->at, "Since when [now]")->type_name("TIME");
  revoke
      ->add_option("--log-size", flags->log_size,
                   "Of a receipt key's receipts, those below this index of the log that the "
                   "node had then count on [all that are in it]")
      ->type_name("N");
  revoke->add_flag("--json", flags->json, "As JSON");
  revoke->footer(
      "A stolen key can claim any time: what counts is what was logged. --log-size 0 lets no "
      "receipt count.");
}

}  // namespace plasm::app
