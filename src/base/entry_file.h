// A text file that people edit, with one entry a line (spec/clients.md, spec/trust.md section 5).
// Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/entry_line.h"
#include "base/quote.h"
#include "base/result.h"

namespace plasm {

// The entries and, around them, the text they stand in: comments, blank lines and lines that are
// not edited stay as they are, byte for byte. Pointers to entries are valid until the next edit.
// An edit that fails changes nothing.
//
// A form says what a line is:
//   struct Form {
//     using Entry = …;                          // with a member `name`
//     static constexpr std::string_view kFile;  // for messages
//     static constexpr std::string_view kThing;
//     static constexpr std::size_t kMaxBytes, kMaxLines;
//     static Result<std::optional<Entry>> Parse(std::string_view line);  // nothing: no entry
//     static Result<std::string> Write(const Entry&);  // kInvalid for one that is no line
//     static std::string KeyOf(const Entry&);          // besides the name, what is there once
//   };
template <class Form>
class EntryFile {
 public:
  using Entry = typename Form::Entry;

  // kInvalid, with the number of the line, for anything that the form does not allow, and for a
  // name or key that is there twice: one bad line refuses the whole file, since what is not
  // understood could be a restriction. kLimitExceeded beyond the form's sizes.
  static Result<EntryFile> Parse(ByteView bytes) {
    if (bytes.size() > Form::kMaxBytes) return TooLarge();
    EntryFile file;
    std::string_view text = AsText(bytes);
    while (!text.empty()) {
      const std::size_t size = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, size);
      text.remove_prefix(std::min(size + 1, text.size()));
      const std::size_t number = file.lines_.size() + 1;
      auto entry = Form::Parse(line);
      if (!entry) return InLine(number, entry.error());
      const auto appended = file.Append({std::string(line), *std::move(entry)});
      if (!appended) return InLine(number, appended.error());
    }
    return file;
  }

  // Each line with a line feed.
  std::string Serialize() const {
    std::string text;
    text.reserve(bytes_);
    for (const Line& line : lines_) text.append(line.text).push_back('\n');
    return text;
  }

  std::vector<const Entry*> Entries() const {  // in the order of the file
    std::vector<const Entry*> entries;
    for (const Line& line : lines_) {
      if (line.entry) entries.push_back(&*line.entry);
    }
    return entries;
  }

  const Entry* FindByName(std::string_view name) const { return FindIn(by_name_, name); }
  const Entry* FindByKey(std::string_view key) const { return FindIn(by_key_, key); }

  // kNotFound when there is none of that name.
  Result<const Entry*> Find(std::string_view name) const {
    if (const Entry* entry = FindByName(name)) return entry;
    return Error{ErrorCode::kNotFound, std::string(Form::kFile) + " has no " +
                                           std::string(Form::kThing) + " " + Quote(name)};
  }

  // At the end of the file. kConflict when the name or the key is there.
  Result<void> Add(Entry entry) {
    PLASM_TRY(std::string text, Form::Write(entry));
    return Append({std::move(text), std::move(entry)});
  }

  // As Find.
  Result<void> Remove(std::string_view name) {
    PLASM_TRY_VOID(Find(name));
    const std::size_t place = by_name_.find(name)->second;
    bytes_ -= lines_[place].text.size() + 1;
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(place));
    Index();
    return {};
  }

  // Writes the line of an entry anew, which has the name and the key of one that is there. Its
  // comment stays. Errors as of Find and Form::Write.
  Result<void> Replace(Entry edited) {
    PLASM_TRY_VOID(Find(edited.name));
    PLASM_TRY(std::string text, Form::Write(edited));
    Line& line = lines_[by_name_.find(edited.name)->second];
    if (const std::string_view comment = CommentOf(line.text); !comment.empty()) {
      text.append(" ").append(comment);
    }
    const std::size_t bytes = bytes_ - line.text.size() + text.size();
    if (bytes > Form::kMaxBytes) return TooLarge();
    bytes_ = bytes;
    line = {std::move(text), std::move(edited)};
    return {};
  }

 private:
  struct Line {
    std::string text;  // without its line feed
    std::optional<Entry> entry;
  };
  using Places = std::map<std::string, std::size_t, std::less<>>;  // in lines_

  static Error TooLarge() {
    return {ErrorCode::kLimitExceeded, std::string(Form::kFile) + ": larger than " +
                                           std::to_string(Form::kMaxLines) + " lines or " +
                                           std::to_string(Form::kMaxBytes) + " bytes"};
  }

  // What is a conflict when an entry is added is a mistake when it stands in the file.
  static Error InLine(std::size_t number, const Error& error) {
    const bool conflict = error.code == ErrorCode::kConflict;
    return {conflict ? ErrorCode::kInvalid : error.code,
            std::string(Form::kFile) + ", line " + std::to_string(number) + ": " + error.message};
  }

  const Entry* FindIn(const Places& places, std::string_view what) const {
    const auto found = places.find(what);
    return found == places.end() ? nullptr : &*lines_[found->second].entry;
  }

  Result<void> Append(Line line) {
    if (lines_.size() == Form::kMaxLines || bytes_ + line.text.size() + 1 > Form::kMaxBytes) {
      return TooLarge();
    }
    if (line.entry) {
      if (by_name_.contains(line.entry->name)) {
        return Error{ErrorCode::kConflict, "the name " + Quote(line.entry->name) + " is taken"};
      }
      std::string key = Form::KeyOf(*line.entry);
      if (const Entry* other = FindByKey(key)) {
        return Error{ErrorCode::kConflict, key + " stands under the name " + Quote(other->name)};
      }
      by_name_.emplace(line.entry->name, lines_.size());
      by_key_.emplace(std::move(key), lines_.size());
    }
    bytes_ += line.text.size() + 1;
    lines_.push_back(std::move(line));
    return {};
  }

  void Index() {
    by_name_.clear();
    by_key_.clear();
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!lines_[i].entry) continue;
      by_name_.emplace(lines_[i].entry->name, i);
      by_key_.emplace(Form::KeyOf(*lines_[i].entry), i);
    }
  }

  std::vector<Line> lines_;
  std::size_t bytes_ = 0;  // of Serialize()
  Places by_name_;
  Places by_key_;
};

}  // namespace plasm
