// What the verbs about access have in common: each edits or prints one file of the data folder.
#pragma once

#include <CLI/App.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "base/result.h"
#include "job/exit_status.h"
#include "job/job_flags.h"
#include "verbs.h"

namespace plasm::app {

// A verb that prints what the action gives. Flags have a `data_dir`.
template <class Flags>
CLI::App* AddAccessVerb(CLI::App& parent, const char* name, const char* about,
                        const std::shared_ptr<Flags>& flags,
                        Result<std::string> (*action)(const Flags&), int& exit_status) {
  CLI::App* verb = parent.add_subcommand(name, about);
  AddDataDirFlag(*verb, flags->data_dir);
  verb->callback([flags, action, &exit_status] {
    const auto done = action(*flags);
    if (done) {
      std::fputs(done->c_str(), stdout);
      return;
    }
    PrintError(done.error().message);
    exit_status = done.error().code == ErrorCode::kInvalid ? kExitUsage : kExitNodeFailed;
  });
  return verb;
}

}  // namespace plasm::app
