// plasmd verify-receipt: what a receipt v0.1 is worth.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>

#include "base/entropy.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "cli/data_folder.h"
#include "crypto/key_file.h"
#include "job/exit_status.h"
#include "receipt/receipt_v1_verify.h"
#include "verbs.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  std::string file;
  std::string pubkey;
  bool json = false;
};

Result<receipt::TrustedKeys> Trusted(const Flags& flags) {
  receipt::TrustedKeys trusted;
  if (!flags.pubkey.empty()) {
    auto key = crypto::PublicKey::FromHex(flags.pubkey);
    if (!key) return Error{ErrorCode::kInvalid, "--pubkey: " + key.error().message};
    trusted.demanded = *key;
    return trusted;
  }
  // This node's own key is the one that is pinned without being told.
  PLASM_TRY(const DataFolder data, DataFolder::Locate(flags.data_dir));
  const auto own = crypto::LoadSigningKey(data.receipt_key());
  if (own) {
    trusted.pinned.insert(own->public_key());
  } else if (own.error().code != ErrorCode::kNotFound) {
    return own.error();
  }
  return trusted;
}

void PrintJson(const receipt::VerifiedReceiptV1& verified) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject();
  json.Field("verdict", receipt::VerdictName(verified.verdict));
  json.Field("meaning", receipt::VerdictMeaning(verified.verdict));
  if (!verified.reason.empty()) json.Field("reason", verified.reason);
  if (verified.receipt) json.Field("node_pubkey", verified.receipt->node_pubkey.ToHex());
  json.EndObject();
  std::printf("%s\n", std::move(json).Take().c_str());
}

void PrintText(const receipt::VerifiedReceiptV1& verified) {
  std::printf("%s\n", std::string(receipt::VerdictName(verified.verdict)).c_str());
  std::printf("  %s\n", std::string(receipt::VerdictMeaning(verified.verdict)).c_str());
  if (!verified.reason.empty()) std::printf("  %s\n", verified.reason.c_str());
}

int VerifyReceipt(const Flags& flags) {
  const auto trusted = Trusted(flags);
  if (!trusted) {
    PrintError(trusted.error().message);
    return kExitUsage;
  }
  const auto bytes = ReadFile(flags.file, receipt::kMaxReceiptV1Size + 1);
  if (!bytes && bytes.error().code != ErrorCode::kLimitExceeded) {
    PrintError(bytes.error().message);
    return kExitVerdict;
  }
  const auto verified =
      bytes ? receipt::VerifyReceiptV1(*bytes, *trusted)
            : receipt::VerifiedReceiptV1{receipt::Verdict::kMalformed, bytes.error().message, {}};
  if (flags.json) {
    PrintJson(verified);
  } else {
    PrintText(verified);
  }
  return receipt::VerdictExitCode(verified.verdict);
}

}  // namespace

void AddVerifyReceiptVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand("verify-receipt", "Verify a receipt of version 0.1");
  auto flags = std::make_shared<Flags>();
  verb->add_option("FILE", flags->file, "The receipt, as JSON")->required();
  verb->add_option("--pubkey", flags->pubkey, "Only this key will do [this node's own key]")
      ->type_name("HEX");
  verb->add_flag("--json", flags->json, "As JSON");
  AddDataDirFlag(*verb, flags->data_dir);
  verb->callback([flags, &exit_status] { exit_status = VerifyReceipt(*flags); });
}

}  // namespace plasm::app
