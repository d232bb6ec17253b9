<?php

declare(strict_types=1);

namespace Plasm\Json;

use Plasm\Encoding\Base64;
use Plasm\Encoding\Decimal;
use Plasm\Encoding\Moment;
use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;

/**
 * A value of a JSON text with its place in it. Each method gives the value in one form of the
 * specifications, or throws a MalformedException that names the place.
 */
final class Node
{
    private const NAME = '[A-Za-z0-9._+-]{1,64}';
    private const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

    private function __construct(private readonly mixed $value, private readonly string $place)
    {
    }

    /** @throws MalformedException */
    public static function parse(string $text, string $name, JsonLimits $limits): self
    {
        return new self(JsonParser::parse($text, $name, $limits), $name);
    }

    /**
     * An object with exactly these members.
     *
     * @param list<string> $required
     * @param list<string> $optional
     */
    public function members(array $required, array $optional = []): self
    {
        $object = $this->object();
        foreach ($required as $name) {
            if (!$object->has($name)) {
                $this->refuse('no member ' . Utf8::quote($name), 'it');
            }
        }
        foreach ($object->names() as $name) {
            if (!in_array($name, $required, true) && !in_array($name, $optional, true)) {
                $this->refuse('the member ' . Utf8::quote($name), 'only members that are known');
            }
        }

        return $this;
    }

    public function object(): JsonObject
    {
        return $this->value instanceof JsonObject ? $this->value : $this->refuse($this->kind(), 'an object');
    }

    public function isObject(): bool
    {
        return $this->value instanceof JsonObject;
    }

    public function has(string $name): bool
    {
        return $this->object()->has($name);
    }

    public function get(string $name): self
    {
        if (!$this->has($name)) {
            $this->refuse('no member ' . Utf8::quote($name), 'it');
        }

        return new self($this->object()->get($name), "{$this->place}.$name");
    }

    /** @return list<self> */
    public function items(int $most = PHP_INT_MAX): array
    {
        if (!is_array($this->value) || count($this->value) > $most) {
            $this->refuse($this->kind(), "an array of at most $most");
        }
        $items = [];
        foreach (array_values($this->value) as $index => $item) {
            $items[] = new self($item, "{$this->place}[$index]");
        }

        return $items;
    }

    public function string(): string
    {
        return is_string($this->value) ? $this->value : $this->refuse($this->kind(), 'a string');
    }

    public function boolean(): bool
    {
        return is_bool($this->value) ? $this->value : $this->refuse($this->kind(), 'true or false');
    }

    public function integer(int $least, int $most): int
    {
        $value = $this->value instanceof JsonInteger ? $this->value->toInt() : null;

        return $value !== null && $value >= $least && $value <= $most
            ? $value : $this->refuse($this->kind(), "an integer from $least to $most");
    }

    /** A number from 0 to 2^64 − 1, in its digits. */
    public function unsigned(): string
    {
        return $this->value instanceof JsonInteger && $this->value->decimal[0] !== '-'
            ? $this->value->decimal : $this->refuse($this->kind(), 'an integer that is not negative');
    }

    public function is(string $expected): void
    {
        if ($this->value !== $expected) {
            $this->refuse($this->kind(), Utf8::quote($expected));
        }
    }

    /** @param string $pattern of the whole string, without delimiters */
    public function matching(string $pattern, string $expected): string
    {
        return preg_match("\x01^(?:$pattern)$\x01D", $this->string()) === 1
            ? $this->string() : $this->refuse($this->kind(), $expected);
    }

    /** @param list<string> $words */
    public function oneOf(array $words): string
    {
        return in_array($this->string(), $words, true)
            ? $this->string() : $this->refuse($this->kind(), 'one of ' . implode(', ', $words));
    }

    /** A decimal string, in its digits. */
    public function decimal(string $below = Decimal::BELOW_2_64): string
    {
        return Decimal::isDecimal($this->string(), $below)
            ? $this->string() : $this->refuse($this->kind(), "a decimal string below $below");
    }

    /** 64 lower-case hex digits. */
    public function digest(): string
    {
        return $this->matching('[0-9a-f]{64}', '64 lower-case hex digits');
    }

    public function nonce(): string
    {
        return $this->matching('(?:[0-9a-f]{2}){16,64}', '32 to 128 lower-case hex digits, an even number');
    }

    public function uuid(string $prefix = ''): string
    {
        return $this->matching($prefix . self::UUID, "{$prefix}a UUID in lower case");
    }

    public function word(): string
    {
        return $this->matching(self::NAME, '1 to 64 of A-Z a-z 0-9 . _ + -');
    }

    public function fingerprint(): string
    {
        $digits = substr($this->string(), strlen('SHA256:'));

        return str_starts_with($this->string(), 'SHA256:') && strlen($digits) === 43
            && Base64::decode($digits . '=') !== null
            ? $this->string() : $this->refuse($this->kind(), 'a fingerprint, "SHA256:" and 43 digits of base64');
    }

    public function time(): Moment
    {
        return Moment::parse($this->string())
            ?? $this->refuse($this->kind(), 'a time as in 2026-11-24T09:30:00Z');
    }

    /** Text without control characters, of so many bytes. */
    public function text(int $least, int $most): string
    {
        $length = strlen($this->string());

        return $length >= $least && $length <= $most && !Utf8::hasControls($this->string())
            ? $this->string() : $this->refuse($this->kind(), "$least to $most bytes without control characters");
    }

    public function origin(): string
    {
        return Utf8::isOrigin($this->string())
            ? $this->string() : $this->refuse($this->kind(), "a log's origin");
    }

    /** Bytes in base64 of RFC 4648 section 4. */
    public function base64(): string
    {
        return Base64::decode($this->string()) ?? $this->refuse($this->kind(), 'base64');
    }

    /** Bytes in either alphabet (spec/receipt.md section 1.2). */
    public function eitherBase64(): string
    {
        return Base64::decodeEither($this->string()) ?? $this->refuse($this->kind(), 'base64');
    }

    /** spec/job.md section 1.7; gives the bytes. */
    public function byteString(): string
    {
        if (is_string($this->value)) {
            return str_contains($this->value, "\0")
                ? $this->refuse('a string with a NUL', '{"base64": …} for it') : $this->value;
        }
        $bytes = $this->members(['base64'])->get('base64')->base64();

        return Utf8::isValid($bytes) && !str_contains($bytes, "\0")
            ? $this->refuse('base64 of text', 'the text as a string') : $bytes;
    }

    /** A byte string that is not empty and has no NUL: a path in the guest. */
    public function guestPath(): string
    {
        $path = $this->byteString();

        return $path !== '' && !str_contains($path, "\0")
            ? $path : $this->refuse($this->kind(), 'a path that is not empty and has no NUL');
    }

    public function refuse(string $found, string $expected): never
    {
        throw new MalformedException("{$this->place}: found $found, expected $expected");
    }

    public function kind(): string
    {
        return match (true) {
            $this->value === null => 'null',
            is_bool($this->value) => $this->value ? 'true' : 'false',
            is_string($this->value) => Utf8::quote($this->value),
            $this->value instanceof JsonInteger => $this->value->decimal,
            $this->value instanceof JsonObject => 'an object',
            default => 'an array',
        };
    }
}
