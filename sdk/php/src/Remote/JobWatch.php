<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Encoding\Decimal;
use Plasm\Exception\ApiException;
use Plasm\Exception\CorruptException;
use Plasm\Exception\MalformedException;
use Plasm\Exception\PlasmException;
use Plasm\Exception\UnavailableException;
use Plasm\Http\EventStream;
use Plasm\Http\Request;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;
use Plasm\LogEvent;

/** Follows a job until it has ended, over cut connections and restarts: each byte comes once. */
final class JobWatch
{
    // A node sends a comment every 15 seconds.
    private const SILENCE_SECONDS = 45;
    private const LONG_SECONDS = 10;
    private const MOST = 1 << 40;

    private ?string $lastId = null;
    private bool $hasEnded = false;
    private string $state = '';
    /** @var array<string, int> bytes that have come, by stream */
    private array $come = [LogEvent::STDOUT => 0, LogEvent::STDERR => 0];

    public function __construct(private readonly NodeSession $session, private readonly string $job)
    {
    }

    /**
     * @return \Generator<int, LogEvent>
     *
     * @throws PlasmException
     */
    public function events(): \Generator
    {
        $patience = $this->session->patience();
        while (!$this->hasEnded) {
            $began = $this->session->clock()->now();
            try {
                $stream = new EventStream();
                $headers = $this->lastId === null ? [] : ['Last-Event-ID' => $this->lastId];
                $exchange = $this->session->follow(new Request(
                    'GET',
                    "/v1/jobs/{$this->job}/events",
                    $headers,
                    most: self::MOST,
                    silence: self::SILENCE_SECONDS,
                ));
                foreach ($exchange->body() as $piece) {
                    foreach ($stream->take($piece) as $event) {
                        $log = $this->read($event);
                        if ($log !== null) {
                            $patience->progressed();
                            yield $log;
                        }
                    }
                }
                if (!$this->hasEnded) {
                    throw new UnavailableException("the events of {$this->job} ended before the job did");
                }
            } catch (ApiException $error) {
                // A silent job's connection may be cut now and then, by whatever stands between.
                if ($this->session->clock()->now() - $began >= self::LONG_SECONDS) {
                    $patience->progressed();
                }
                $patience->pauseAfter($error, $this->session->retryAfter());
            }
        }
    }

    /** @param array{kind: string, id: string|null, data: string} $event */
    private function read(array $event): ?LogEvent
    {
        $this->lastId = $event['id'] ?? $this->lastId;
        try {
            switch ($event['kind']) {
                case 'state':
                    return $this->stateEvent(self::data($event)->get('state')->matching('[a-z_]{1,64}', 'a state'));
                case 'stdout':
                case 'stderr':
                    return $this->output($event['kind'], self::data($event));
                case 'restart':
                    return new LogEvent(LogEvent::RESTART);
                case 'end':
                    $this->hasEnded = true;

                    return $this->stateEvent(JobDocument::parse($event['data'])->state);
                default:
                    return null;  // of a newer node
            }
        } catch (MalformedException $error) {
            throw new CorruptException("an event that is not what the API says: {$error->getMessage()}");
        }
    }

    private function stateEvent(string $state): ?LogEvent
    {
        if ($state === $this->state) {
            return null;
        }
        $this->state = $state;

        return new LogEvent(LogEvent::STATE, $state);
    }

    /** What is new of it: a job that is run again says the beginning again. */
    private function output(string $stream, Node $data): ?LogEvent
    {
        $offset = Decimal::toInt($data->get('offset')->decimal()) ?? PHP_INT_MAX;
        $bytes = $data->get('base64')->base64();
        $come = $this->come[$stream];
        if ($offset > $come) {
            throw new CorruptException("found $stream from byte $offset on, expected it from byte $come");
        }
        $new = substr($bytes, min(strlen($bytes), $come - $offset));
        $this->come[$stream] += strlen($new);

        return $new === '' ? null : new LogEvent($stream, $new);
    }

    /** @param array{kind: string, id: string|null, data: string} $event */
    private static function data(array $event): Node
    {
        return Node::parse($event['data'], $event['kind'], new JsonLimits(JobDocument::MAX_BYTES, 4, 64));
    }
}
