// plasm key: who this client is to nodes.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "base/entropy.h"
#include "base/json_writer.h"
#include "cli/data_folder.h"
#include "client/client_identity.h"
#include "crypto/public_key_text.h"
#include "verbs.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  bool fingerprint = false;
  bool pem = false;
  bool certificate = false;
  bool json = false;
};

Result<void> Show(const Flags& flags) {
  PLASM_TRY(const DataFolder data, DataFolder::Locate(flags.data_dir));
  SystemEntropy entropy;
  PLASM_TRY(const crypto::SigningKey key, client::LoadOrCreateClientKey(data.root(), entropy));
  const crypto::PublicKey& own = key.public_key();
  if (flags.json) {
    JsonWriter json(JsonStyle::kPretty);
    json.BeginObject().Field("fingerprint", crypto::Fingerprint(own));
    json.Field("openssh", crypto::ToOpenSsh(own)).Field("pem", crypto::ToPem(own)).EndObject();
    std::printf("%s\n", std::move(json).Take().c_str());
  } else if (flags.certificate) {
    PLASM_TRY(const net::TlsIdentity identity, client::IdentityOf(key));
    std::fputs(identity.certificate_pem().c_str(), stdout);
  } else if (flags.pem) {
    std::fputs(crypto::ToPem(own).c_str(), stdout);
  } else {
    std::printf("%s\n",
                (flags.fingerprint ? crypto::Fingerprint(own) : crypto::ToOpenSsh(own)).c_str());
  }
  return {};
}

}  // namespace

void AddKeyVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand(
      "key", "The public key of this client, made on first use: what a node has to know");
  auto flags = std::make_shared<Flags>();
  auto* fingerprint = verb->add_flag("--fingerprint", flags->fingerprint, "As SHA256:…");
  auto* pem = verb->add_flag("--pem", flags->pem, "As PEM");
  auto* certificate = verb->add_flag(
      "--certificate", flags->certificate,
      "The certificate that goes with client.key of the data folder, for other programs");
  auto* json = verb->add_flag("--json", flags->json, "As JSON");
  fingerprint->excludes(pem, certificate, json);
  pem->excludes(certificate, json);
  certificate->excludes(json);
  AddDataDirFlag(*verb, flags->data_dir);
  verb->callback([flags, &exit_status] {
    if (const auto shown = Show(*flags); !shown) exit_status = Failed(shown.error());
  });
}

}  // namespace plasm::app
