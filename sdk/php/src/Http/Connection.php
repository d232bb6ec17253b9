<?php

declare(strict_types=1);

namespace Plasm\Http;

use Plasm\Keys\PublicKey;

/**
 * Requests to one endpoint by curl. Over TLS either the server's key is pinned, or nothing that
 * identifies this client is sent. Authorities do not count, redirects are not followed.
 */
final class Connection
{
    private const CONNECT_SECONDS = 15;

    private readonly Transfers $transfers;

    public function __construct(
        private readonly Endpoint $endpoint,
        private readonly Credentials $credentials,
    ) {
        $this->transfers = new Transfers();
    }

    /**
     * @param list<PublicKey> $keys one of which the server must have; none on a Unix socket
     *
     * @throws \Plasm\Exception\PlasmException from the Exchange's methods
     */
    public function send(Request $request, array $keys): Exchange
    {
        $options = $this->options($request);
        if ($this->endpoint->isTls()) {
            if ($keys === []) {
                throw new \LogicException('a request that shows who asks needs a server whose key is known');
            }
            $pins = implode(';', array_map(static fn (PublicKey $key): string => $key->pin(), $keys));
            $options[CURLOPT_PINNEDPUBLICKEY] = $pins;
        }
        if ($this->credentials->token !== null) {
            $options[CURLOPT_HTTPHEADER][] = "Authorization: Bearer {$this->credentials->token}";
        }
        if ($this->credentials->keyFile !== null) {
            $options[CURLOPT_SSLCERT] = $this->credentials->certificateFile;
            $options[CURLOPT_SSLKEY] = $this->credentials->keyFile;
        }

        return $this->exchange($this->transfers, $request, $options);
    }

    /** To a server that may be anybody, without saying who asks: for what is signed by itself. */
    public function sendAnonymously(Request $request): Exchange
    {
        // Over a connection that nothing else uses.
        return $this->exchange(new Transfers(), $request, $this->options($request));
    }

    /** @return array<int, mixed> */
    private function options(Request $request): array
    {
        $headers = ['Expect:', 'Accept-Encoding: identity'];
        foreach ($request->headers as $name => $value) {
            $headers[] = "$name: $value";
        }
        $options = [
            CURLOPT_URL => $this->endpoint->base . $request->path,
            CURLOPT_CUSTOMREQUEST => $request->method,
            CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
            CURLOPT_PROTOCOLS => $this->endpoint->isTls() ? CURLPROTO_HTTPS : CURLPROTO_HTTP,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_CONNECTTIMEOUT => self::CONNECT_SECONDS,
            CURLOPT_LOW_SPEED_LIMIT => 1,
            CURLOPT_LOW_SPEED_TIME => (int) ceil($request->silence),
            // Nodes make their certificates themselves: what counts is the pinned key.
            CURLOPT_SSL_VERIFYPEER => false,
            CURLOPT_SSL_VERIFYHOST => 0,
            CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_3,
            CURLOPT_USERAGENT => 'plasm-php',
        ];
        if ($this->endpoint->socket !== null) {
            $options[CURLOPT_UNIX_SOCKET_PATH] = $this->endpoint->socket;
        }
        if ($request->method === 'HEAD') {
            $options[CURLOPT_NOBODY] = true;
        } elseif ($request->read !== null) {
            $options[CURLOPT_UPLOAD] = true;
            $options[CURLOPT_INFILESIZE] = $request->length;
            $options[CURLOPT_READFUNCTION]
                = static fn (\CurlHandle $_, mixed $file, int $most): string => ($request->read)($most);
        } elseif ($request->body !== null || $request->method === 'POST') {
            $options[CURLOPT_POSTFIELDS] = (string) $request->body;
        }
        $options[CURLOPT_HTTPHEADER] = $headers;

        return $options;
    }

    /** @param array<int, mixed> $options */
    private function exchange(Transfers $transfers, Request $request, array $options): Exchange
    {
        $curl = curl_init();
        // Each of them: a pin that this curl can not keep must not pass for one.
        if ($curl === false || !curl_setopt_array($curl, $options)) {
            throw new \RuntimeException('this curl can not do what is needed here');
        }

        return new Exchange($transfers, $curl, $request, $this->endpoint->shown());
    }
}
