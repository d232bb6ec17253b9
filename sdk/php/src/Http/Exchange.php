<?php

declare(strict_types=1);

namespace Plasm\Http;

use Plasm\Exception\CorruptException;
use Plasm\Exception\LimitExceededException;
use Plasm\Exception\UnavailableException;

/** One request, on a curl handle that is set up for it, and its answer as it comes. */
final class Exchange
{
    private const MAX_HEAD = 65_536;

    private int $status = 0;
    /** @var array<string, string> */
    private array $headers = [];
    private int $headBytes = 0;
    private bool $headEnded = false;
    private string $arrived = '';
    private int $bodyBytes = 0;
    private bool $tooMuch = false;
    // CURLE_…, once it has ended. What came before an error counts: that comes first.
    private ?int $result = null;

    public function __construct(
        private readonly Transfers $transfers,
        private readonly \CurlHandle $curl,
        private readonly Request $request,
        private readonly string $server,
    ) {
        curl_setopt($curl, CURLOPT_HEADERFUNCTION, fn (\CurlHandle $_, string $line): int => $this->takeLine($line));
        curl_setopt($curl, CURLOPT_WRITEFUNCTION, fn (\CurlHandle $_, string $bytes): int => $this->takeBody($bytes));
        $transfers->add($curl);
    }

    public function __destruct()
    {
        $this->transfers->remove($this->curl);
    }

    /** The answer without its body. */
    public function head(): Response
    {
        while (!$this->headEnded && $this->result === null) {
            $this->proceed();
        }
        if (!$this->headEnded) {
            $this->check();
            throw new UnavailableException("{$this->server}: the connection ended without an answer");
        }

        return new Response($this->status, $this->headers);
    }

    /**
     * The body's pieces, as they come.
     *
     * @return \Generator<int, string>
     */
    public function body(): \Generator
    {
        while (true) {
            if ($this->arrived !== '') {
                [$piece, $this->arrived] = [$this->arrived, ''];
                yield $piece;
            } elseif ($this->result !== null) {
                $this->check();

                return;
            } else {
                $this->proceed();
            }
        }
    }

    public function whole(): Response
    {
        $head = $this->head();
        $body = '';
        foreach ($this->body() as $piece) {
            $body .= $piece;
        }

        return new Response($head->status, $head->headers, $body);
    }

    private function proceed(): void
    {
        $this->result = $this->transfers->proceed($this->curl, fn (): bool => $this->arrived === '');
    }

    private function check(): void
    {
        if ($this->result === null || $this->result === CURLE_OK) {
            return;
        }
        $result = $this->result;
        $why = curl_error($this->curl) ?: (string) curl_strerror($result);
        if ($result === CURLE_SSL_PINNEDPUBKEYNOTMATCH) {
            throw new PinMismatchException("{$this->server}: the server has another TLS key than the expected one");
        }
        if ($this->tooMuch) {
            throw new LimitExceededException("{$this->server}: an answer of more than {$this->request->most} bytes");
        }
        if (in_array($result, [CURLE_UNSUPPORTED_PROTOCOL, CURLE_SSL_CERTPROBLEM], true)) {
            throw new CorruptException("{$this->server}: $why");
        }
        throw new UnavailableException("{$this->server}: $why");
    }

    private function takeLine(string $line): int
    {
        $this->headBytes += strlen($line);
        if ($this->headBytes > self::MAX_HEAD) {
            $this->tooMuch = true;

            return 0;
        }
        if (preg_match('/^HTTP\/[0-9.]+ ([0-9]{3})/', $line, $match) === 1) {
            [$this->status, $this->headers] = [(int) $match[1], []];
        } elseif (trim($line) === '') {
            // 1xx comes before the answer.
            $this->headEnded = $this->status >= 200;
        } elseif (str_contains($line, ':')) {
            [$name, $value] = explode(':', $line, 2);
            $this->headers[strtolower($name)] = trim($value);
        }

        return strlen($line);
    }

    private function takeBody(string $bytes): int
    {
        $this->bodyBytes += strlen($bytes);
        if ($this->bodyBytes > $this->request->most) {
            $this->tooMuch = true;

            return 0;
        }
        $this->arrived .= $bytes;

        return strlen($bytes);
    }
}
