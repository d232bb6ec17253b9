// plasmd client: who may use this node with a key of its own (spec/clients.md section 2).
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "access_verb.h"
#include "api/access_files.h"
#include "base/json_writer.h"
#include "cli/data_folder.h"
#include "job/exit_status.h"
#include "job/job_flags.h"
#include "verbs.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  std::string name;
  std::vector<std::string> who;  // a whole key is two words
  std::vector<std::string> options;
  bool json = false;
};

Result<api::AccessFiles> FilesOf(const Flags& flags) {
  PLASM_TRY(const DataFolder data, DataFolder::Locate(flags.data_dir));
  return api::AccessFiles(data.root());
}

Result<std::string> Add(const Flags& flags) {
  PLASM_TRY(const api::AccessFiles files, FilesOf(flags));
  std::string who;
  for (const std::string& word : flags.who) who += (who.empty() ? "" : " ") + word;
  PLASM_TRY(api::AuthorizedClient client, api::ClientWithIdentity(who));
  client.name = flags.name;
  for (const std::string& option : flags.options) {
    PLASM_TRY_VOID(api::ApplyClientOption(option, client.may));
  }
  const std::string identity = client.identity;
  PLASM_TRY_VOID(files.AddClient(std::move(client)));
  return "added  " + flags.name + ", " + identity + "\n";
}

Result<std::string> Remove(const Flags& flags) {
  PLASM_TRY(const api::AccessFiles files, FilesOf(flags));
  PLASM_TRY_VOID(files.RemoveClient(flags.name));
  return "removed  " + flags.name + "\n";
}

std::string AsJson(const api::AuthorizedClients& clients) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginArray();
  for (const api::AuthorizedClient* client : clients.Entries()) {
    json.BeginObject()
        .Field("name", client->name)
        .Field("identity", client->identity)
        .Field("sees_others", client->may.sees_others)
        .Field("may_run_live", client->may.may_run_live)
        .Field("unfinished", client->may.quota.unfinished)
        .Field("running", client->may.quota.running)
        .Field("upload_bytes", std::to_string(client->may.upload_bytes))
        .EndObject();
  }
  json.EndArray();
  return std::move(json).Take() + "\n";
}

Result<std::string> List(const Flags& flags) {
  PLASM_TRY(const api::AccessFiles files, FilesOf(flags));
  PLASM_TRY(const api::AuthorizedClients clients, files.Clients());
  if (flags.json) return AsJson(clients);
  std::string text;
  for (const api::AuthorizedClient* client : clients.Entries()) {
    PLASM_TRY(const std::string line, api::AuthorizedClientForm::Write(*client));
    text += line + "\n";
  }
  return text;
}

}  // namespace

void AddClientVerb(CLI::App& app, int& exit_status) {
  CLI::App* client = app.add_subcommand("client", "Who may use this node");
  client->require_subcommand(1);
  auto flags = std::make_shared<Flags>();
  AddDataDirFlag(*client, flags->data_dir);
  CLI::App* add = AddAccessVerb(*client, "add", "Let a client in", flags, Add, exit_status);
  add->add_option("NAME", flags->name, "Your name for it")->required();
  add->add_option("WHO", flags->who, "ssh-ed25519 AAAA…, SHA256:… or uid:NUMBER")
      ->required()
      ->expected(1, 2);
  add->add_option("--option", flags->options,
                  "sees-others, no-live, unfinished=N, running=N, upload-bytes=N; may be repeated")
      ->type_name("OPTION");
  CLI::App* list = AddAccessVerb(*client, "list", "Print who is let in", flags, List, exit_status);
  list->add_flag("--json", flags->json, "As JSON");
  CLI::App* remove =
      AddAccessVerb(*client, "remove", "Let a client in no more", flags, Remove, exit_status);
  remove->add_option("NAME", flags->name, "Its name")->required();
  client->footer("A running node takes changes within a second.");
}

}  // namespace plasm::app
