<?php

declare(strict_types=1);

namespace Plasm\Log;

use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;

/** Which logs and witnesses to believe, and how many of these (C2SP tlog-policy, spec/log.md section 6). */
final class Policy
{
    private const MAX_BYTES = 256 << 10;
    private const MAX_ENTRIES = 256;
    private const NONE = 'none';

    /** @var list<VerifierKey> */
    private array $logs = [];
    /** @var array<array-key, VerifierKey> by name in the policy */
    private array $witnesses = [];
    /** @var array<array-key, array{int, list<string>}> threshold and members by name */
    private array $groups = [];
    /** @var list<string> every name that stands in a group */
    private array $grouped = [];
    private ?string $quorum = null;

    private function __construct()
    {
    }

    /** @throws MalformedException that names the line */
    public static function parse(string $bytes): self
    {
        if (strlen($bytes) > self::MAX_BYTES) {
            throw new MalformedException('policy: larger than 256 KiB');
        }
        $policy = new self();
        $lines = explode("\n", $bytes);
        if (array_pop($lines) !== '') {
            throw new MalformedException('policy: the last line has no line feed');
        }
        foreach ($lines as $index => $line) {
            try {
                $policy->take($line);
            } catch (MalformedException $error) {
                throw new MalformedException('policy line ' . ($index + 1) . ': ' . $error->getMessage());
            }
        }
        if ($policy->quorum === null) {
            throw new MalformedException('policy: no quorum line');
        }

        return $policy;
    }

    /** @return list<VerifierKey> of type Ed25519; their names are origins */
    public function logs(): array
    {
        return $this->logs;
    }

    /** @return list<VerifierKey> of type cosignature */
    public function witnessKeys(): array
    {
        return array_values($this->witnesses);
    }

    /**
     * The policy's names of the witnesses among these keys.
     *
     * @param list<VerifierKey> $keys
     *
     * @return list<string>
     */
    public function namesOf(array $keys): array
    {
        $names = [];
        foreach ($this->witnesses as $name => $witness) {
            foreach ($keys as $key) {
                if ($key->equals($witness)) {
                    $names[] = (string) $name;
                    break;
                }
            }
        }

        return $names;
    }

    /** @param list<string> $witnesses names of those that have cosigned */
    public function isSatisfiedBy(array $witnesses): bool
    {
        return $this->reaches((string) $this->quorum, $witnesses);
    }

    /** @param list<string> $witnesses */
    private function reaches(string $name, array $witnesses): bool
    {
        if (!isset($this->groups[$name])) {
            return $name === self::NONE || in_array($name, $witnesses, true);
        }
        [$threshold, $members] = $this->groups[$name];
        $reached = array_filter($members, fn (string $member): bool => $this->reaches($member, $witnesses));

        return count($reached) >= $threshold;
    }

    private function take(string $line): void
    {
        if (preg_match('/[\x00-\x08\x0A-\x1F\x7F]/', $line) === 1) {
            throw new MalformedException('a control character');
        }
        $words = preg_split('/[ \t]+/', $line, -1, PREG_SPLIT_NO_EMPTY) ?: [];
        if ($words === [] || $words[0][0] === '#') {
            return;
        }
        match (array_shift($words)) {
            'log' => $this->takeLog($words),
            'witness' => $this->takeWitness($words),
            'group' => $this->takeGroup($words),
            'quorum' => $this->takeQuorum($words),
            default => throw new MalformedException('expected log, witness, group or quorum'),
        };
    }

    /** @param list<string> $words */
    private function takeLog(array $words): void
    {
        self::expect(count($words) >= 1 && count($words) <= 2, 'log KEY [URL]');
        $this->logs[] = self::newKey($words[0], VerifierKey::ED25519, $this->logs);
    }

    /** @param list<string> $words */
    private function takeWitness(array $words): void
    {
        self::expect(count($words) >= 2 && count($words) <= 3, 'witness NAME KEY [URL]');
        $this->expectNewName($words[0]);
        $this->witnesses[$words[0]] = self::newKey($words[1], VerifierKey::COSIGNATURE, $this->witnessKeys());
    }

    /** @param list<string> $words */
    private function takeGroup(array $words): void
    {
        self::expect(count($words) >= 3, 'group NAME any|all|NUMBER MEMBER…');
        [$name, $threshold] = $words;
        $members = array_slice($words, 2);
        $this->expectNewName($name);
        foreach ($members as $member) {
            self::expect($this->isKnown($member), 'members that stand above, found ' . Utf8::quote($member));
            self::expect(!in_array($member, $this->grouped, true), 'each name in one group, once');
            $this->grouped[] = $member;
        }
        $count = match (true) {
            $threshold === 'any' => 1,
            $threshold === 'all' => count($members),
            preg_match('/^[1-9][0-9]{0,3}$/D', $threshold) === 1 => (int) $threshold,
            default => 0,
        };
        self::expect($count >= 1 && $count <= count($members), 'any, all, or a number from 1 to that of the members');
        $this->groups[$name] = [$count, $members];
    }

    /** @param list<string> $words */
    private function takeQuorum(array $words): void
    {
        self::expect(count($words) === 1 && $this->quorum === null, 'one quorum NAME');
        self::expect($words[0] === self::NONE || $this->isKnown($words[0]), 'a name that stands above, or none');
        $this->quorum = $words[0];
    }

    private function isKnown(string $name): bool
    {
        return isset($this->witnesses[$name]) || isset($this->groups[$name]);
    }

    private function expectNewName(string $name): void
    {
        self::expect($name !== self::NONE && !$this->isKnown($name), 'a new name, found ' . Utf8::quote($name));
        self::expect(max(count($this->witnesses), count($this->groups)) < self::MAX_ENTRIES, 'at most 256 of a kind');
    }

    /** @param list<VerifierKey> $before */
    private static function newKey(string $text, int $type, array $before): VerifierKey
    {
        $key = VerifierKey::parse($text);
        self::expect($key->type === $type, "a key of type $type");
        self::expect(count($before) < self::MAX_ENTRIES, 'at most 256 of a kind');
        foreach ($before as $other) {
            self::expect(!$key->key->equals($other->key), 'each key once');
        }

        return $key;
    }

    private static function expect(bool $condition, string $expected): void
    {
        if (!$condition) {
            throw new MalformedException("expected $expected");
        }
    }
}
