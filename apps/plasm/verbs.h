// plasm's verbs, each in its own file. Adding one declares its flags; its callback sets
// `exit_status`.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "base/result.h"

namespace plasm::app {

enum PlasmExit : int {
  kPlasmOk = 0,
  kPlasmFailed = 1,  // could not be done; verdicts have numbers of their own from 10 on
  kPlasmUsage = 2,
};

void AddRunVerb(CLI::App& app, int& exit_status);
void AddSubmitVerb(CLI::App& app, int& exit_status);
void AddJobsVerbs(CLI::App& app, int& exit_status);     // jobs, show, wait, cancel
void AddResultsVerbs(CLI::App& app, int& exit_status);  // logs, output, receipt
void AddNodeVerb(CLI::App& app, int& exit_status);
void AddNodesVerb(CLI::App& app, int& exit_status);
void AddKeyVerb(CLI::App& app, int& exit_status);
void AddVerifyVerb(CLI::App& app, int& exit_status);
void AddAuditVerb(CLI::App& app, int& exit_status);
void AddTrustVerb(CLI::App& app, int& exit_status);
void AddLogVerb(CLI::App& app, int& exit_status);
void AddCompletionVerb(CLI::App& app);
void AddCompleteVerb(CLI::App& app);  // what the scripts of completion ask; not shown

void AddDataDirFlag(CLI::App& verb, std::string& data_dir);

// "plasm: <message>" on standard error.
void PrintError(const std::string& message);

// Says what went wrong and gives the exit status for it.
int Failed(const Error& error);

}  // namespace plasm::app
