// plasmd's verbs, each in its own file. Adding one declares its flags; its callback sets
// `exit_status`.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace plasm::app {

void AddRunVerb(CLI::App& app, int& exit_status);
void AddExecuteJobVerb(CLI::App& app, int& exit_status);
void AddCardVerb(CLI::App& app, int& exit_status);
void AddKeyVerb(CLI::App& app, int& exit_status);
void AddVerifyReceiptVerb(CLI::App& app, int& exit_status);
void AddStartVerb(CLI::App& app, int& exit_status);
void AddClientVerb(CLI::App& app, int& exit_status);
void AddTokenVerb(CLI::App& app, int& exit_status);

void AddDataDirFlag(CLI::App& verb, std::string& data_dir);

// "plasmd: <message>" on standard error.
void PrintError(const std::string& message);

}  // namespace plasm::app
