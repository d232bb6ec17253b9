<?php

declare(strict_types=1);

namespace Plasm\Http;

use Plasm\Exception\CorruptException;

/** Server-Sent Events out of bytes that come in pieces. */
final class EventStream
{
    // An event has a piece of output in base64, or a job with up to 64 KiB of each stream.
    private const MAX_EVENT = 16 << 20;

    private string $rest = '';
    private string $kind = '';
    private ?string $id = null;
    /** @var list<string> */
    private array $data = [];
    private int $bytes = 0;

    /**
     * The events that are whole with these bytes.
     *
     * @return list<array{kind: string, id: string|null, data: string}>
     *
     * @throws CorruptException for one that is too large
     */
    public function take(string $bytes): array
    {
        $this->rest .= $bytes;
        $events = [];
        $from = 0;
        while (($end = strpos($this->rest, "\n", $from)) !== false) {
            $event = $this->line(rtrim(substr($this->rest, $from, $end - $from), "\r"));
            if ($event !== null) {
                $events[] = $event;
            }
            $from = $end + 1;
        }
        $this->rest = substr($this->rest, $from);
        if (strlen($this->rest) + $this->bytes > self::MAX_EVENT) {
            throw new CorruptException('an event of more than ' . self::MAX_EVENT . ' bytes');
        }

        return $events;
    }

    /** @return array{kind: string, id: string|null, data: string}|null */
    private function line(string $line): ?array
    {
        if ($line === '') {
            $event = ['kind' => $this->kind, 'id' => $this->id, 'data' => implode("\n", $this->data)];
            $isEvent = $this->data !== [] || $this->kind !== '';
            [$this->kind, $this->id, $this->data, $this->bytes] = ['', null, [], 0];

            return $isEvent ? $event : null;
        }
        $this->bytes += strlen($line);
        [$field, $value] = explode(':', $line, 2) + [1 => ''];
        $value = str_starts_with($value, ' ') ? substr($value, 1) : $value;
        match ($field) {
            'event' => $this->kind = $value,
            'id' => $this->id = $value,
            'data' => $this->data[] = $value,
            default => null,  // a comment, or nothing that is known here
        };

        return null;
    }
}
