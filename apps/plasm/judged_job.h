// A job that has ended on a node, judged by this machine's data folder.
#pragma once

#include "client/judged_job.h"
#include "verbs.h"

namespace plasm::app {

using client::JudgedJob;

// As client::JudgeJob. What was wrong with cards of trusted nodes is said on standard error.
inline Result<JudgedJob> JudgeHere(client::NodeAccess& access, const home::DataFolder& data,
                                   client::JobDocument job, client::DigestedOutput* output,
                                   Clock& clock) {
  PLASM_TRY(JudgedJob judged, client::JudgeJob(access, data, std::move(job), output, clock));
  for (const Error& report : judged.reports) PrintError(report.message);
  return judged;
}

}  // namespace plasm::app
