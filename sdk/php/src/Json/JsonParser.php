<?php

declare(strict_types=1);

namespace Plasm\Json;

use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;

/**
 * Reads JSON by spec/job.md section 1. json_decode() takes too much: a name twice, fractions
 * that it rounds, numbers beyond 64 bits, `-0`.
 *
 * Values are null, bool, string, JsonInteger, JsonObject and, for arrays, lists.
 */
final class JsonParser
{
    private const BLANKS = " \t\n\r";
    private const SHORT_ESCAPES = [
        '"' => '"', '\\' => '\\', '/' => '/', 'b' => "\x08", 'f' => "\f", 'n' => "\n", 'r' => "\r", 't' => "\t",
    ];

    private int $at = 0;
    private int $depth = 0;
    private int $values = 0;

    private function __construct(
        private readonly string $text,
        private readonly string $name,
        private readonly JsonLimits $limits,
    ) {
    }

    /**
     * @param string $name of the document, for messages
     *
     * @throws MalformedException
     */
    public static function parse(string $text, string $name, JsonLimits $limits): mixed
    {
        if (strlen($text) > $limits->bytes) {
            throw new MalformedException("$name: found " . strlen($text) . " bytes, expected at most {$limits->bytes}");
        }
        if (!Utf8::isValid($text)) {
            throw new MalformedException("$name: not JSON: ill-formed UTF-8");
        }
        $parser = new self($text, $name, $limits);
        $value = $parser->value();
        $parser->skipBlanks();
        if ($parser->at !== strlen($text)) {
            $parser->fail('bytes after the value');
        }

        return $value;
    }

    private function value(): mixed
    {
        $this->skipBlanks();
        if (++$this->values > $this->limits->values) {
            $this->fail("more than {$this->limits->values} values");
        }

        return match ($this->text[$this->at] ?? '') {
            '{' => $this->object(),
            '[' => $this->array(),
            '"' => $this->string(),
            't' => $this->word('true', true),
            'f' => $this->word('false', false),
            'n' => $this->word('null', null),
            default => $this->integer(),
        };
    }

    private function object(): JsonObject
    {
        $this->open();
        $members = [];
        if ($this->closes('}')) {
            return new JsonObject([]);
        }
        do {
            $this->skipBlanks();
            if (($this->text[$this->at] ?? '') !== '"') {
                $this->fail("expected a member's name");
            }
            $name = $this->string();
            if (array_key_exists($name, $members)) {
                $this->fail('duplicate key ' . Utf8::quote($name));
            }
            $this->skipBlanks();
            if (($this->text[$this->at] ?? '') !== ':') {
                $this->fail('expected a colon');
            }
            ++$this->at;
            $members[$name] = $this->value();
        } while ($this->goesOn('}'));

        return new JsonObject($members);
    }

    /** @return list<mixed> */
    private function array(): array
    {
        $this->open();
        $items = [];
        if ($this->closes(']')) {
            return $items;
        }
        do {
            $items[] = $this->value();
        } while ($this->goesOn(']'));

        return $items;
    }

    private function open(): void
    {
        if (++$this->depth > $this->limits->depth) {
            $this->fail("nested deeper than {$this->limits->depth}");
        }
        ++$this->at;
    }

    private function closes(string $bracket): bool
    {
        $this->skipBlanks();
        if (($this->text[$this->at] ?? '') !== $bracket) {
            return false;
        }
        ++$this->at;
        --$this->depth;

        return true;
    }

    /** After a member or an item: whether another one follows. */
    private function goesOn(string $bracket): bool
    {
        if ($this->closes($bracket)) {
            return false;
        }
        if (($this->text[$this->at] ?? '') !== ',') {
            $this->fail("expected a comma or $bracket");
        }
        ++$this->at;

        return true;
    }

    private function string(): string
    {
        $decoded = '';
        ++$this->at;
        while (true) {
            $plain = strcspn($this->text, "\"\\\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\f\r\x0e\x0f\x10\x11\x12"
                . "\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f", $this->at);
            $decoded .= substr($this->text, $this->at, $plain);
            $this->at += $plain;
            $next = $this->text[$this->at] ?? '';
            if ($next === '"') {
                ++$this->at;

                return $decoded;
            }
            if ($next !== '\\') {
                $this->fail('a malformed string');
            }
            $decoded .= $this->escape();
        }
    }

    private function escape(): string
    {
        $letter = $this->text[$this->at + 1] ?? '';
        if ($letter !== 'u') {
            $this->at += 2;

            return self::SHORT_ESCAPES[$letter] ?? $this->fail('a malformed string');
        }
        $unit = $this->codeUnit();
        if ($unit >= 0xDC00 && $unit <= 0xDFFF) {
            $this->fail('an unpaired surrogate');
        }
        if ($unit < 0xD800 || $unit > 0xDBFF) {
            return Utf8::encode($unit);
        }
        $low = substr($this->text, $this->at, 2) === '\\u' ? $this->codeUnit() : 0;
        if ($low < 0xDC00 || $low > 0xDFFF) {
            $this->fail('an unpaired surrogate');
        }

        return Utf8::encode(0x10000 + (($unit - 0xD800) << 10) + ($low - 0xDC00));
    }

    private function codeUnit(): int
    {
        $digits = substr($this->text, $this->at + 2, 4);
        if (strlen($digits) !== 4 || strspn($digits, '0123456789abcdefABCDEF') !== 4) {
            $this->fail('a malformed string');
        }
        $this->at += 6;

        return (int) hexdec($digits);
    }

    private function word(string $word, ?bool $value): ?bool
    {
        if (substr($this->text, $this->at, strlen($word)) !== $word) {
            $this->fail('malformed');
        }
        $this->at += strlen($word);

        return $value;
    }

    private function integer(): JsonInteger
    {
        if (preg_match('/\G(-?)(0|[1-9][0-9]*+)(?![.eE0-9])/', $this->text, $match, 0, $this->at) !== 1) {
            $this->fail('malformed, or a number with a fraction, an exponent or a leading zero');
        }
        $digits = $match[2];
        if ($match[1] === '-' && $digits === '0') {
            $this->fail('found the number -0, expected 0');
        }
        $most = $match[1] === '-' ? '9223372036854775808' : '18446744073709551615';
        if (strlen($digits) > strlen($most) || (strlen($digits) === strlen($most) && strcmp($digits, $most) > 0)) {
            $this->fail('a number beyond 64 bits');
        }
        $this->at += strlen($match[0]);

        return new JsonInteger($match[0]);
    }

    private function skipBlanks(): void
    {
        $this->at += strspn($this->text, self::BLANKS, $this->at);
    }

    private function fail(string $why): never
    {
        throw new MalformedException("{$this->name}: not JSON that counts here: $why, at byte {$this->at}");
    }
}
