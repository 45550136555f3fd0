// What must happen to a request, decided by a machine file. Standard library only; Java 17.
//
//   java Oracle.java locker.json < steps.jsonl
//
// Each line is {"state": {variable: words}, "request": {"type": name, field: words}}; a variable that the state leaves
// out has its usual initial value. Each line has one answer, {"after": {...}, "verdict": {...}} or {"error": "..."}; after
// the last, the exit code is 2 if there was an error. It is written from docs/machine-file.md, whose sections its
// comments name.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

public final class Oracle {
    /** A condition on the state before a step, the names of its values by variable, and on the request's fields. */
    interface Condition {
        boolean holds(String kind, Map<String, String> state, Map<String, String> fields);
    }

    interface Read {
        /** The name of the term's value; null if it has none. */
        String value(Map<String, String> state, Map<String, String> fields);
    }

    record Term(String name, List<String> values, Map<String, Integer> ranks) {}

    record Check(List<String> on, Condition failsWhen, Map<String, Object> said) {}

    record Gate(String party, List<String> on, Condition when, List<Check> checks) {}

    record Answer(List<String> on, Condition when, Map<String, Object> said) {}

    record Transition(
            List<String> from, String on, String to, Condition when, List<String> rules, boolean evenIfRefused) {}

    record Verdict(
            String outcome, String at, String reason, String response, Collection<String> rules,
            List<String> unspecified, boolean passed) {}

    record Step(Map<String, String> after, Verdict verdict) {}

    private final Map<String, String> words = new HashMap<>();
    private final Map<String, Integer> enumRanks = new HashMap<>();
    private final Map<String, Term> variables = new LinkedHashMap<>();
    private final Map<String, Term> fields = new LinkedHashMap<>();
    private final Map<String, List<String>> requests = new LinkedHashMap<>();
    private final Map<String, List<Transition>> lifecycles = new LinkedHashMap<>();
    private final Map<String, String> initial = new LinkedHashMap<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    public Oracle(Map<String, Object> file) {
        if (!"statemachines-machine".equals(file.get("format")) || !Long.valueOf(1).equals(file.get("version"))) {
            throw new IllegalArgumentException("format and version are " + file.get("format") + " and "
                    + file.get("version") + ", expected statemachines-machine and 1");
        }
        objects(file, "enums").forEach(this::readEnum);
        for (Map<String, Object> one : objects(file, "variables")) variables.put(text(one, "name"), term(one));
        for (Map<String, Object> one : objects(file, "fields")) fields.put(text(one, "id"), term(one));
        for (Map<String, Object> one : objects(file, "requests")) requests.put(text(one, "name"), texts(one, "fields"));
        for (Map<String, Object> one : objects(file, "gates")) {
            List<Check> checks = new ArrayList<>();
            for (Map<String, Object> check : objects(one, "checks")) {
                checks.add(new Check(texts(check, "on"), condition(check.get("fails_when")), said(check)));
            }
            gates.add(new Gate(value(one, "party"), texts(one, "on"), condition(one.get("when")), checks));
        }
        for (Map<String, Object> one : objects(file, "answers")) {
            if (one.containsKey("at")) value(one, "at");
            answers.add(new Answer(texts(one, "on"), condition(one.get("when")), said(one)));
        }
        for (Map<String, Object> one : objects(file, "lifecycles")) {
            List<Transition> moves = new ArrayList<>();
            for (Map<String, Object> move : objects(one, "transitions")) {
                moves.add(new Transition(
                        values(move, "from"), text(move, "on"), value(move, "to"), condition(move.get("when")),
                        texts(move, "rules"), Boolean.TRUE.equals(move.get("even_if_refused"))));
            }
            Term variable = known(variables, text(one, "variable"), "variable");
            lifecycles.put(variable.name(), moves);
            for (String each : values(one, "initial")) initial.putIfAbsent(variable.name(), each);
        }
        requests.values().forEach(ids -> ids.forEach(id -> known(fields, id, "field")));
        for (String name : variables.keySet()) known(initial, name, "lifecycle of the variable");
    }

    // Values

    private void readEnum(Map<String, Object> one) {
        if (one.containsKey("from")) {
            for (long n = number(one, "from"); n <= number(one, "to"); n++) {
                value(text(one, "name") + "." + n, Long.toString(n), (int) n);
            }
        } else {
            int rank = 0;
            for (Map<String, Object> each : objects(one, "values")) {
                value(text(one, "name") + "." + text(each, "name"), text(each, "words"), rank++);
            }
        }
    }

    private void value(String name, String said, int rank) {
        words.put(name, said);
        enumRanks.put(name, rank);
    }

    private List<String> values(Map<String, Object> of, String key) {
        List<String> named = texts(of, key);
        for (String name : named) known(words, name, "value");
        return named;
    }

    private String value(Map<String, Object> of, String key) {
        String name = text(of, key);
        known(words, name, "value");
        return name;
    }

    /** A check or an answer, whose verdict is what it says. */
    private Map<String, Object> said(Map<String, Object> one) {
        value(one, "outcome");
        value(one, "reason");
        if (one.get("response") != null) value(one, "response");
        texts(one, "rules");
        texts(one, "unspecified");
        return one;
    }

    // Terms

    private Term term(Map<String, Object> one) {
        List<String> values = values(one, "values");
        Map<String, Integer> ranks = new HashMap<>();
        for (String each : values) ranks.put(each, one.containsKey("enum") ? enumRanks.get(each) : ranks.size());
        return new Term(text(one, "name"), values, ranks);
    }

    // Conditions

    private Condition condition(Object given) {
        if (given == null) return (kind, state, asked) -> true;
        if (given instanceof Boolean constant) return (kind, state, asked) -> constant;
        Map<String, Object> one = object(given, "a condition");
        if (one.containsKey("term")) {
            Read read = read(one.get("term"));
            List<String> values = values(one, "in");
            return (kind, state, asked) -> values.contains(read.value(state, asked));
        }
        if (one.containsKey("compare")) return comparison(one);
        if (one.containsKey("request")) {
            List<String> kinds = texts(one, "request");
            return (kind, state, asked) -> kinds.contains(kind);
        }
        if (one.containsKey("not")) {
            Condition part = condition(one.get("not"));
            return (kind, state, asked) -> !part.holds(kind, state, asked);
        }
        if (one.containsKey("all")) {
            List<Condition> parts = list(one.get("all"), "all").stream().map(this::condition).toList();
            return (kind, state, asked) -> parts.stream().allMatch(part -> part.holds(kind, state, asked));
        }
        throw new IllegalArgumentException("not a condition of a declaration: " + Json.text(one));
    }

    private Condition comparison(Map<String, Object> one) {
        List<Object> two = list(one.get("compare"), "compare");
        if (two.size() != 2) throw new IllegalArgumentException("two terms are compared: " + Json.text(one));
        Read left = read(two.get(0)), right = read(two.get(1));
        Map<String, Integer> leftRanks = named(two.get(0)).ranks(), rightRanks = named(two.get(1)).ranks();
        String relation = text(one, "relation");
        if (!List.of("is", "before", "not after").contains(relation)) {
            throw new IllegalArgumentException("not a relation: " + relation);
        }
        long plus = one.containsKey("plus") ? number(one, "plus") : 0;
        return (kind, state, asked) -> {
            String first = left.value(state, asked), second = right.value(state, asked);
            if (first == null || second == null) return false;
            long one_rank = leftRanks.get(first), other = rightRanks.get(second) + plus;
            return switch (relation) {
                case "is" -> one_rank == other;
                case "before" -> one_rank < other;
                default -> one_rank <= other; // not after
            };
        };
    }

    private Term named(Object given) {
        Map<String, Object> one = object(given, "a term");
        return one.containsKey("variable")
                ? known(variables, text(one, "variable"), "variable")
                : known(fields, text(one, "field"), "field");
    }

    private Read read(Object given) {
        String name = named(given).name();
        if (object(given, "a term").containsKey("variable")) return (state, asked) -> state.get(name);
        String id = text(object(given, "a term"), "field");
        return (state, asked) -> asked.get(id);
    }

    // A step

    /** The step that a request makes from a state; values and fields by the file's names. */
    private Step step(String kind, Map<String, String> state, Map<String, String> asked) {
        String at = null;
        Verdict verdict = null;
        for (Gate gate : gates) {
            if (verdict != null) break;
            if (!gate.on().contains(kind) || !gate.when().holds(kind, state, asked)) continue;
            at = gate.party();
            for (Check check : gate.checks()) {
                boolean isAsked = check.on().isEmpty() || check.on().contains(kind);
                if (isAsked && check.failsWhen().holds(kind, state, asked)) {
                    verdict = verdict(check.said(), gate.party(), false);
                    break;
                }
            }
        }
        for (Answer answer : answers) {
            if (verdict != null) break;
            boolean answers = answer.on().isEmpty() || answer.on().contains(kind);
            if (answers && answer.when().holds(kind, state, asked)) {
                verdict = verdict(answer.said(), (String) answer.said().getOrDefault("at", at), true);
            }
        }
        if (verdict == null) throw new IllegalArgumentException(kind + " has no verdict in " + state);
        Map<String, String> after = new LinkedHashMap<>(state);
        Collection<String> rules = new LinkedHashSet<>(verdict.rules());
        for (Map.Entry<String, List<Transition>> lifecycle : lifecycles.entrySet()) {
            for (Transition move : lifecycle.getValue()) {
                if (move.on().equals(kind)
                        && move.from().contains(state.get(lifecycle.getKey()))
                        && (verdict.passed() || move.evenIfRefused())
                        && move.when().holds(kind, state, asked)) {
                    after.put(lifecycle.getKey(), move.to());
                    rules.addAll(move.rules());
                    break;
                }
            }
        }
        return new Step(after, new Verdict(
                verdict.outcome(), verdict.at(), verdict.reason(), verdict.response(), rules, verdict.unspecified(),
                verdict.passed()));
    }

    private static Verdict verdict(Map<String, Object> said, String at, boolean passed) {
        return new Verdict(
                text(said, "outcome"), at, text(said, "reason"), (String) said.get("response"), texts(said, "rules"),
                texts(said, "unspecified"), passed);
    }

    /** The same in words, as every other program says it. */
    public Map<String, Object> decide(Map<String, Object> state, Map<String, Object> request) {
        List<String> ids = known(requests, text(request, "type"), "type of request");
        for (String name : state.keySet()) known(variables, name, "variable");
        for (String name : request.keySet()) {
            if (!name.equals("type") && ids.stream().noneMatch(id -> fields.get(id).name().equals(name))) {
                throw new IllegalArgumentException("a request " + request.get("type") + " has no field " + name);
            }
        }
        Map<String, String> before = new LinkedHashMap<>(), asked = new HashMap<>();
        variables.forEach((name, term) ->
                before.put(name, state.containsKey(name) ? valueOf(term, state.get(name)) : initial.get(name)));
        for (String id : ids) asked.put(id, valueOf(fields.get(id), request.get(fields.get(id).name())));
        Step step = step(text(request, "type"), before, asked);
        Map<String, Object> after = new LinkedHashMap<>(), verdict = new LinkedHashMap<>();
        step.after().forEach((name, value) -> after.put(name, words.get(value)));
        verdict.put("outcome", words.get(step.verdict().outcome()));
        verdict.put("at", words.get(step.verdict().at()));
        verdict.put("reason", words.get(step.verdict().reason()));
        verdict.put("response", words.get(step.verdict().response()));
        verdict.put("rules", List.copyOf(step.verdict().rules()));
        verdict.put("unspecified", step.verdict().unspecified());
        verdict.put("passed", step.verdict().passed());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("after", after);
        answer.put("verdict", verdict);
        return answer;
    }

    private String valueOf(Term term, Object said) {
        for (String value : term.values()) if (words.get(value).equals(said)) return value;
        List<String> expected = term.values().stream().map(words::get).toList();
        throw new IllegalArgumentException(
                term.name() + " is " + Json.text(said) + ", expected one of " + String.join(", ", expected));
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) throw refused("expected one argument: a machine file");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        Oracle oracle = opened(arguments[0]);
        boolean failed = false;
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            Map<String, Object> answer;
            try {
                Map<String, Object> question = object(Json.parse(line), "a question");
                Object state = question.getOrDefault("state", Map.of());
                answer = oracle.decide(object(state, "state"), object(question.get("request"), "request"));
            } catch (IllegalArgumentException wrong) {
                failed = true;
                answer = Map.of("error", "line " + number + ": " + wrong.getMessage());
            }
            out.println(Json.text(answer));
            if (!lines.ready()) out.flush();
        }
        out.flush();
        if (failed) System.exit(2);
    }

    private static Oracle opened(String file) {
        try {
            return new Oracle(object(Json.parse(Files.readString(Path.of(file))), "the document"));
        } catch (IllegalArgumentException wrong) {
            throw refused(file + ": not a machine file: " + wrong.getMessage());
        } catch (NoSuchFileException missing) {
            throw refused(file + ": there is no such file");
        } catch (CharacterCodingException wrong) {
            throw refused(file + ": not UTF-8");
        } catch (IOException wrong) {
            throw refused(file + ": cannot be read: " + wrong.getMessage());
        }
    }

    /** Ends with a message and exit code 2; what it returns is never thrown. */
    private static IllegalStateException refused(String message) {
        System.err.println("error: " + message);
        System.exit(2);
        return new IllegalStateException();
    }

    // JSON: objects are maps in order, lists are lists, integers are Long

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object given, String what) {
        if (given instanceof Map) return (Map<String, Object>) given;
        throw new IllegalArgumentException(what + " is " + brief(given) + ", expected an object");
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object given, String what) {
        if (given == null) return List.of();
        if (given instanceof List) return (List<Object>) given;
        throw new IllegalArgumentException(what + " is " + brief(given) + ", expected a list");
    }

    private static List<Map<String, Object>> objects(Map<String, Object> of, String key) {
        return list(of.get(key), key).stream().map(one -> object(one, "one of " + key)).toList();
    }

    private static List<String> texts(Map<String, Object> of, String key) {
        List<String> made = new ArrayList<>(); // which null may be asked of
        for (Object one : list(of.get(key), key)) made.add(text(one, key));
        return made;
    }

    private static String text(Map<String, Object> of, String key) {
        return text(of.get(key), key);
    }

    private static String text(Object given, String key) {
        if (given instanceof String text) return text;
        throw new IllegalArgumentException(key + " is " + brief(given) + ", expected a string");
    }

    private static long number(Map<String, Object> of, String key) {
        if (of.get(key) instanceof Long number) return number;
        throw new IllegalArgumentException(key + " is " + brief(of.get(key)) + ", expected an integer");
    }

    private static <T> T known(Map<String, T> of, String name, String what) {
        if (of.containsKey(name)) return of.get(name);
        throw new IllegalArgumentException("there is no " + what + " " + name);
    }

    private static String brief(Object given) {
        String text = Json.text(given);
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    static final class Json {
        private static final int MOST_DEPTH = 500;
        private final String text;
        private int at;
        private int depth;

        private Json(String text) {
            this.text = text;
        }

        static Object parse(String text) {
            Json json = new Json(text);
            Object value = json.value();
            if (json.next() != 0) throw json.wrong();
            return value;
        }

        /** The next character that is no space; 0 at the end. */
        private char next() {
            while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) at++;
            return at < text.length() ? text.charAt(at) : 0;
        }

        private IllegalArgumentException wrong() {
            return new IllegalArgumentException("not JSON at character " + (at + 1));
        }

        private boolean skip(char letter) {
            if (next() != letter) return false;
            at++;
            return true;
        }

        private void expect(char letter) {
            if (!skip(letter)) throw wrong();
        }

        private Object value() {
            switch (next()) {
                case '{': case '[':
                    if (++depth > MOST_DEPTH) throw wrong();
                    Object made = text.charAt(at) == '{' ? map() : items();
                    depth--;
                    return made;
                case '"': return string();
                case 't': return word("true", true);
                case 'f': return word("false", false);
                case 'n': return word("null", null);
                default: return number();
            }
        }

        private Object word(String word, Object means) {
            if (!text.startsWith(word, at)) throw wrong();
            at += word.length();
            return means;
        }

        private Object number() {
            int start = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
            try {
                return Long.valueOf(text.substring(start, at)); // a machine has no other numbers
            } catch (NumberFormatException other) {
                at = start;
                throw wrong();
            }
        }

        private Map<String, Object> map() {
            Map<String, Object> made = new LinkedHashMap<>();
            expect('{');
            if (skip('}')) return made;
            do {
                next();
                String key = string();
                expect(':');
                made.put(key, value());
            } while (skip(','));
            expect('}');
            return made;
        }

        private List<Object> items() {
            List<Object> made = new ArrayList<>();
            expect('[');
            if (skip(']')) return made;
            do made.add(value());
            while (skip(','));
            expect(']');
            return made;
        }

        private String string() {
            StringBuilder made = new StringBuilder();
            expect('"');
            for (char letter = letter(); letter != '"'; letter = letter()) {
                made.append(letter == '\\' ? escaped() : letter);
            }
            return made.toString();
        }

        private char letter() {
            if (at >= text.length() || text.charAt(at) < ' ') throw wrong();
            return text.charAt(at++);
        }

        private char escaped() {
            char letter = letter();
            int known = "bfnrt\"\\/".indexOf(letter);
            if (known >= 0) return "\b\f\n\r\t\"\\/".charAt(known);
            int code = 0;
            for (int digits = 0; digits < 4; digits++) {
                int digit = letter == 'u' ? Character.digit(letter(), 16) : -1;
                if (digit < 0) throw wrong();
                code = 16 * code + digit;
            }
            return (char) code;
        }

        static String text(Object value) {
            if (value instanceof Map<?, ?> map) {
                List<String> parts = new ArrayList<>();
                map.forEach((key, one) -> parts.add(text(key) + ":" + text(one)));
                return "{" + String.join(",", parts) + "}";
            }
            if (value instanceof Collection<?> many) {
                return "[" + String.join(",", many.stream().map(Json::text).toList()) + "]";
            }
            if (!(value instanceof String string)) return String.valueOf(value);
            StringBuilder made = new StringBuilder("\"");
            for (char letter : string.toCharArray()) {
                if (letter == '"' || letter == '\\') made.append('\\').append(letter);
                else if (letter < ' ') made.append(String.format("\\u%04x", (int) letter));
                else made.append(letter);
            }
            return made.append('"').toString();
        }
    }
}
