// The full tier of a module that has just had its first run, compiled after everybody has
// their answer.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>

#include "base/sha256.h"
#include "cli/data_folder.h"
#include "worker/supervisor/artefact_cache.h"

namespace plasm::app {

// Starts a process of lowest priority that outlives this one and stores the artefact. Does
// nothing when it can't: the next run tries again.
void CompileInBackground(const std::filesystem::path& module, const Sha256Digest& digest,
                         worker::Target target, const DataFolder& data);

// The hidden verb behind it. At most one process a module works at a time.
void AddBackgroundCompileVerb(CLI::App& app, int& exit_status);

}  // namespace plasm::app
