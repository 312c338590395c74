#!/bin/sh
# The page behind `letter.unsubscribe`, where no `griot serve` runs: GET shows a button and changes nothing,
# POST takes the reader off the list (RFC 8058). Name the config of the desk here, and let this user write to its ledger.
config=${GRIOT_CONFIG:-/srv/desk/config/griot.toml}

page() { # status, words, rest
    printf 'Status: %s\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n' "$1"
    printf 'Referrer-Policy: no-referrer\r\nX-Robots-Tag: noindex\r\n\r\n'
    printf '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>%s</title>' "$2"
    printf '<main><h1>%s</h1>%s</main></html>\n' "$2" "$3"
}

# Letters and digits alone, so that nothing of the address gets into the page or a command.
token=$(printf '%s' "$QUERY_STRING" | tr '&' '\n' | sed -n 's/^t=\([A-Za-z2-7]*\)$/\1/p' | head -n 1)

case $REQUEST_METHOD in
POST)
    printf '%s' "$token" | griot --config "$config" --quiet unsubscribe - >/dev/null
    case $? in
    0) page '200 OK' 'You have left the list.' ;;
    1) page '404 Not Found' 'This link is not known here.' ;;
    *) page '503 Service Unavailable' 'That did not work. Please try again later.' ;;
    esac
    ;;
GET | HEAD)
    page '200 OK' 'Leave the list?' "<form method=\"post\" action=\"?t=$token\"><button>Leave</button></form>"
    ;;
*)
    page '405 Method Not Allowed' 'This page answers GET and POST.'
    ;;
esac
