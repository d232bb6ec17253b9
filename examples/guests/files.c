// Goes through the life of a file in a mounted folder and prints what it saw.
//
// Usage: files [FOLDER]          FOLDER is /work unless given
//
// Prints in.txt when the folder has it, writes notes/draft.txt, appends to it,
// renames it to notes/final.txt, links to it, makes a symbolic link and reads
// through that, lists the folder, removes the hard link, and leaves
// notes/final.txt and notes/latest behind. A step that fails prints the
// error's name to standard error and ends the program with status 1.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include "print.h"

static void Expect(bool done, const char* step) {
  if (done) return;
  const int error = errno;
  Print(STDERR_FILENO, step);
  Print(STDERR_FILENO, ": ");
  Print(STDERR_FILENO, strerror(error));
  Print(STDERR_FILENO, "\n");
  _Exit(1);
}

static void Append(const char* path, const char* text) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  Expect(fd >= 0, path);
  PrintBytes(fd, text, strlen(text));
  Expect(close(fd) == 0, "close");
}

static void Show(const char* path) {
  const int fd = open(path, O_RDONLY);
  Expect(fd >= 0, path);
  char text[512];
  for (;;) {
    const ssize_t got = read(fd, text, sizeof text);
    Expect(got >= 0, "read");
    if (got == 0) break;
    PrintBytes(STDOUT_FILENO, text, (size_t)got);
  }
  Expect(close(fd) == 0, "close");
}

static void List(const char* path) {
  DIR* folder = opendir(path);
  Expect(folder != NULL, path);
  for (;;) {
    errno = 0;
    const struct dirent* entry = readdir(folder);
    if (entry == NULL) break;
    Print(STDOUT_FILENO, entry->d_type == DT_DIR ? "d " : entry->d_type == DT_LNK ? "l " : "f ");
    Print(STDOUT_FILENO, entry->d_name);
    Print(STDOUT_FILENO, "\n");
  }
  Expect(errno == 0, "readdir");
  closedir(folder);
}

int main(int argc, char** argv) {
  Expect(chdir(argc > 1 ? argv[1] : "/work") == 0, "chdir");
  if (access("in.txt", F_OK) == 0) Show("in.txt");

  Expect(mkdir("notes", 0755) == 0, "mkdir");
  Append("notes/draft.txt", "first line\n");
  Append("notes/draft.txt", "second line\n");
  Expect(rename("notes/draft.txt", "notes/final.txt") == 0, "rename");
  Expect(access("notes/draft.txt", F_OK) != 0 && errno == ENOENT, "the old name is gone");
  Expect(link("notes/final.txt", "notes/again.txt") == 0, "link");
  Expect(symlink("final.txt", "notes/latest") == 0, "symlink");

  struct stat status;
  Expect(stat("notes/latest", &status) == 0, "stat");
  PrintField("size", (uint64_t)status.st_size);
  PrintField("links", (uint64_t)status.st_nlink);
  char target[32];
  const ssize_t length = readlink("notes/latest", target, sizeof target);
  Expect(length > 0, "readlink");
  Print(STDOUT_FILENO, "latest -> ");
  PrintBytes(STDOUT_FILENO, target, (size_t)length);
  Print(STDOUT_FILENO, "\n");
  Show("notes/latest");
  List("notes");

  Expect(unlink("notes/again.txt") == 0, "unlink");
  Expect(rmdir("notes") != 0 && errno == ENOTEMPTY, "a folder with files stays");
  return 0;
}
