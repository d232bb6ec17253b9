// plasmd key: the node's identity, its public part only.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>

#include "base/entropy.h"
#include "base/json_writer.h"
#include "crypto/key_file.h"
#include "crypto/public_key_text.h"
#include "cli/data_folder.h"
#include "exit_status.h"
#include "job_flags.h"
#include "verbs.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  bool pem = false;
  bool fingerprint = false;
  bool json = false;
};

Result<std::string> Show(const Flags& flags) {
  PLASM_TRY(const DataFolder data, DataFolder::Locate(flags.data_dir));
  SystemEntropy entropy;
  PLASM_TRY(const crypto::SigningKey signing_key,
            crypto::LoadOrCreateSigningKey(data.receipt_key(), entropy));
  const crypto::PublicKey& key = signing_key.public_key();
  if (flags.pem) return crypto::ToPem(key);
  if (flags.fingerprint) return crypto::Fingerprint(key) + "\n";
  if (flags.json) {
    JsonWriter out(JsonStyle::kPretty);
    out.BeginObject()
        .Field("node_pubkey", key.ToHex())
        .Field("fingerprint", crypto::Fingerprint(key))
        .Field("openssh", crypto::ToOpenSsh(key))
        .Field("pem", crypto::ToPem(key))
        .Field("file", data.receipt_key().string())
        .EndObject();
    return std::move(out).Take() + "\n";
  }
  return key.ToHex() + "\n";
}

}  // namespace

void AddKeyVerb(CLI::App& app, int& exit_status) {
  CLI::App* key = app.add_subcommand("key", "The node's key");
  key->require_subcommand(1);
  CLI::App* show = key->add_subcommand(
      "show", "Print the public key in hex, as receipts have it; make the key if there is none");
  auto flags = std::make_shared<Flags>();
  AddDataDirFlag(*key, flags->data_dir);
  AddDataDirFlag(*show, flags->data_dir);
  auto* format = show->add_option_group("format");
  format->add_flag("--pem", flags->pem, "As PEM, for openssl");
  format->add_flag("--fingerprint", flags->fingerprint, "As SHA256:…, as ssh-keygen -l shows it");
  format->add_flag("--json", flags->json, "Everything, as JSON");
  format->require_option(0, 1);
  show->callback([flags, &exit_status] {
    const auto text = Show(*flags);
    if (text) {
      std::fputs(text->c_str(), stdout);
    } else {
      PrintError(text.error().message);
      exit_status = kExitNodeFailed;
    }
  });
}

}  // namespace plasm::app
