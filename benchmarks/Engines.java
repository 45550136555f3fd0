import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks the interpreter in Java, as engines.mjs asks those in Node. */
@SuppressWarnings("unchecked")
final class Engines {
    public static void main(String[] files) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String file : files) {
            Oracle oracle = new Oracle((Map<String, Object>) Oracle.Json.parse(Files.readString(Path.of(file))));
            List<Object> replies = new ArrayList<>();
            Object state = Map.of();
            List<List<Object>> questions = (List<List<Object>>) Oracle.Json.parse(lines.readLine());
            long start = System.nanoTime();
            for (List<Object> question : questions) {
                Object in = question.get(0) == null ? state : question.get(0);
                Map<String, Object> made =
                    oracle.decide((Map<String, Object>) in, (Map<String, Object>) question.get(1));
                state = made.get("after");
                replies.add(List.of(state, made.get("verdict")));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            out.println("{\"seconds\": " + seconds + ", \"replies\": " + Oracle.Json.text(replies) + "}");
        }
    }
}
