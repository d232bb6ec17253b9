#include "verdict_report.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "base/quote.h"
#include "cli/terminal.h"

namespace plasm::app {
namespace {

using receipt::Statement;
using receipt::Verdict;

using Lines = std::vector<std::pair<std::string, std::string>>;

bool IsGood(Verdict verdict) {
  return verdict == Verdict::kValid || verdict == Verdict::kValidLegacyUnbound;
}

Colour ColourOf(Verdict verdict) {
  if (verdict == Verdict::kValid) return Colour::kGreen;
  const bool doubtful = verdict == Verdict::kValidLegacyUnbound ||
                        verdict == Verdict::kReplayInconclusive ||
                        verdict == Verdict::kReplayImpossible;
  return doubtful ? Colour::kYellow : Colour::kRed;
}

std::string HowItEnded(const receipt::Outcome& result) {
  std::string text(StatusName(result.status));
  if (result.exit_code) text += " " + std::to_string(*result.exit_code);
  if (result.trap) text += ": " + *result.trap;
  if (result.reason) text += ": " + Quote(*result.reason);
  if (result.fuel_used) text += ", fuel " + std::to_string(*result.fuel_used);
  return text;
}

std::string Outputs(const Statement& statement) {
  std::string text = "stdout " + std::to_string(statement.stdout_subject.bytes) +
                     " bytes, stderr " + std::to_string(statement.stderr_subject.bytes) + " bytes";
  if (!statement.files.empty()) text += ", " + std::to_string(statement.files.size()) + " files";
  return text;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void AddNode(const verify::Verification& result, const Statement& statement, Lines& lines) {
  if (result.node_name) {
    lines.emplace_back("node", *result.node_name + " " + statement.node.identity + " (" +
                                   std::string(trust::TrustLevelName(*result.level)) + ")");
  } else {
    lines.emplace_back("node", statement.node.identity);
  }
  lines.emplace_back("signed", statement.node.signing == receipt::Signing::kBatch
                                   ? "by the log's checkpoint, " + statement.node.key
                                   : "by " + statement.node.key);
}

void AddLog(const verify::LogPlace& log, Lines& lines) {
  std::string text = "entry " + std::to_string(log.index) + " of " + std::to_string(log.tree_size) +
                     " in " + Quote(log.origin);
  if (!log.witnesses.empty()) text += ", seen by " + Joined(log.witnesses);
  lines.emplace_back("log", std::move(text));
}

std::string ReplayText(const execution::ReplayReport& replay) {
  const std::string engine = replay.runtime.engine.empty()
                                 ? std::string()
                                 : " (" + replay.runtime.engine + " " + replay.runtime.version +
                                       ", " + replay.runtime.target + ")";
  if (replay.verdict == Verdict::kValid) return "identical" + engine;
  return replay.reason + engine;
}

Lines LinesOf(const VerdictReport& report) {
  const verify::Verification& result = report.verification;
  Lines lines{{"receipt", report.file}};
  if (!IsGood(result.verdict)) {
    lines.emplace_back("why", result.reason);
  }
  if (result.legacy) {
    lines.emplace_back("module", result.legacy->fields.module_hash.ToHex());
    lines.emplace_back("ended", "exit code " + std::to_string(result.legacy->fields.exit_code));
  }
  if (result.statement) {
    const Statement& statement = *result.statement;
    AddNode(result, statement, lines);
    lines.emplace_back("job", statement.job.id + ", " + statement.observed.end.ToString());
    lines.emplace_back("module", statement.module.sha256.ToHex());
    lines.emplace_back("ended", HowItEnded(statement.result));
    lines.emplace_back("outputs", Outputs(statement));
    if (result.log) AddLog(*result.log, lines);
    if (result.manifest) lines.emplace_back("manifest", "is the job's");
    if (!result.matched_outputs.empty()) {
      lines.emplace_back("at hand", Joined(result.matched_outputs));
    }
  }
  if (report.replay) lines.emplace_back("replay", ReplayText(*report.replay));
  for (const std::string& note : result.notes) lines.emplace_back("note", note);
  return lines;
}

void WriteStatement(const Statement& statement, JsonWriter& json) {
  json.Key("job").BeginObject();
  json.Field("id", statement.job.id).Field("manifest", statement.job.manifest.ToHex()).EndObject();
  json.Field("module", statement.module.sha256.ToHex());
  json.Key("result").BeginObject().Field("status", StatusName(statement.result.status));
  if (statement.result.exit_code) json.Field("exit_code", *statement.result.exit_code);
  if (statement.result.trap) json.Field("trap", *statement.result.trap);
  if (statement.result.reason) json.Field("reason", *statement.result.reason);
  if (statement.result.fuel_used) {
    json.Field("fuel_used", std::to_string(*statement.result.fuel_used));
  }
  if (statement.result_digest) json.Field("digest", statement.result_digest->ToHex());
  json.EndObject();
  json.Field("profile", receipt::ProfileName(statement.runtime.profile));
  json.Field("ended", statement.observed.end.ToString());
  json.Key("subjects").BeginObject();
  json.Field("stdout", statement.stdout_subject.digest.ToHex());
  json.Field("stderr", statement.stderr_subject.digest.ToHex());
  for (const auto& file : statement.files) json.Field("file:" + file.path, file.digest.ToHex());
  json.EndObject();
}

}  // namespace

std::string ReportText(const VerdictReport& report) {
  const Verdict verdict = report.verification.verdict;
  std::string text = Coloured(VerdictName(verdict), ColourOf(verdict), stdout) + "  " +
                     std::string(VerdictMeaning(verdict)) + "\n";
  for (const auto& [label, value] : LinesOf(report)) {
    text +=
        "  " + label + std::string(10 - std::min<std::size_t>(label.size(), 9), ' ') + value + "\n";
  }
  return text;
}

std::string ReportJson(const VerdictReport& report) {
  const verify::Verification& result = report.verification;
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject();
  json.Field("verdict", VerdictName(result.verdict));
  json.Field("exit_status", VerdictExitCode(result.verdict));
  json.Field("meaning", VerdictMeaning(result.verdict));
  if (!result.reason.empty()) json.Field("reason", result.reason);
  json.Field("receipt", report.file);
  if (result.legacy) {
    json.Field("node_pubkey", result.legacy->node_pubkey.ToHex());
    json.Field("module", result.legacy->fields.module_hash.ToHex());
  }
  if (result.statement) {
    const Statement& statement = *result.statement;
    json.Key("node").BeginObject();
    json.Field("identity", statement.node.identity).Field("key", statement.node.key);
    json.Field("signing", statement.node.signing == receipt::Signing::kBatch ? "batch" : "each");
    if (result.node_name) json.Field("name", *result.node_name);
    if (result.level) json.Field("level", trust::TrustLevelName(*result.level));
    json.EndObject();
    WriteStatement(statement, json);
  }
  if (result.log) {
    json.Key("log").BeginObject();
    json.Field("origin", result.log->origin);
    json.Field("index", std::to_string(result.log->index));
    json.Field("size", std::to_string(result.log->tree_size));
    json.Key("witnesses").BeginArray();
    for (const std::string& name : result.log->witnesses) json.String(name);
    json.EndArray().EndObject();
  }
  if (report.replay) {
    json.Key("replay").BeginObject();
    json.Field("identical", report.replay->verdict == Verdict::kValid);
    if (!report.replay->reason.empty()) json.Field("difference", report.replay->reason);
    if (!report.replay->runtime.engine.empty()) {
      json.Field("engine", report.replay->runtime.engine + "-" + report.replay->runtime.version);
      json.Field("target", report.replay->runtime.target);
    }
    json.EndObject();
  }
  json.Key("outputs").BeginArray();
  for (const std::string& name : result.matched_outputs) json.String(name);
  json.EndArray();
  json.Key("notes").BeginArray();
  for (const std::string& note : result.notes) json.String(note);
  json.EndArray().EndObject();
  return std::move(json).Take() + "\n";
}

}  // namespace plasm::app
