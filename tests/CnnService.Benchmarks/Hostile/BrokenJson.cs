using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CnnService.Benchmarks.Hostile;

/// <summary>Breaks one rule of a sound JSON body.</summary>
internal static class BrokenJson
{
    private const string Mark = "\"@@broken@@\"";

    /// <summary>The name of the broken rule, and the body's bytes.</summary>
    /// <param name="sound">A body that the service takes.</param>
    /// <param name="fields">Names of further fields that the body may have.</param>
    /// <param name="chance">Chooses rule, place and value.</param>
    public static (string Rule, byte[] Body) Break(JsonNode sound, IReadOnlyList<string> fields, Chance chance) => chance.Below(16) switch
    {
        0 or 1 or 2 or 3 or 4 => ("value", Text(Replace(sound, fields, chance).Replace(Mark, chance.Pick(OddValues.Json),
            StringComparison.Ordinal))),
        5 => ("size", Text(Replace(sound, fields, chance).Replace(Mark, OddValues.Large(chance), StringComparison.Ordinal))),
        6 => ("absent field", Text(Remove(sound, chance))),
        7 => ("unknown field", Text(Replace(sound, [], chance, $"{chance.Pick("x", "Name", "__proto__", "$ref", "é", "a.b")}")
            .Replace(Mark, "1", StringComparison.Ordinal))),
        8 => ("field twice", Text(Twice(sound.ToJsonString(), chance))),
        9 => ("half a pair", Text(Replace(sound, fields, chance).Replace(Mark,
            $"\"a{chance.Pick("\\ud800", "\\udfff", "\\ud800\\ud800")}b\"", StringComparison.Ordinal))),
        10 => ("no UTF-8", NotUtf8(Replace(sound, fields, chance), chance)),
        11 => ("cut", Text(sound.ToJsonString())[..chance.Below(sound.ToJsonString().Length)]),
        12 => ("flipped byte", Flip(Text(sound.ToJsonString()), chance)),
        13 => ("order", Text(Reverse(sound)!.ToJsonString())),
        14 => ("root", Text(chance.Pick(OddValues.Json))),
        _ => ("syntax", Text(chance.Pick("\uFEFF", "//x\n", "/**/", "\0", " ") + sound.ToJsonString()
            + chance.Pick("x", "}", ",", "\0", "{}", "\n\n\n"))),
    };

    private static byte[] Text(string json) => Encoding.UTF8.GetBytes(json);

    /// <summary>The text of a copy in which one value is replaced by the mark, or a field is added that has it.</summary>
    private static string Replace(JsonNode sound, IReadOnlyList<string> fields, Chance chance, string? added = null)
    {
        var copy = sound.DeepClone();
        var name = added ?? (fields.Count > 0 && chance.Below(3) == 0 ? chance.Pick(fields) : null);
        var places = Containers(copy).ToList();
        if (name is not null && copy is JsonObject root)
        {
            var target = added is null ? root : places.OfType<JsonObject>().ElementAt(chance.Below(places.OfType<JsonObject>().Count()));
            target[name] = Mark.Trim('"');
            return copy.ToJsonString();
        }

        var filled = places.Where(place => place is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }).ToList();
        if (filled.Count == 0)
        {
            return Mark;
        }

        switch (chance.Pick(filled))
        {
            case JsonObject members:
                members[members.ElementAt(chance.Below(members.Count)).Key] = Mark.Trim('"');
                break;
            case JsonArray list:
                list[chance.Below(list.Count)] = Mark.Trim('"');
                break;
        }

        return copy.ToJsonString();
    }

    private static string Remove(JsonNode sound, Chance chance)
    {
        var copy = sound.DeepClone();
        var filled = Containers(copy).Where(place => place is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }).ToList();
        if (filled.Count > 0)
        {
            switch (chance.Pick(filled))
            {
                case JsonObject members:
                    members.Remove(members.ElementAt(chance.Below(members.Count)).Key);
                    break;
                case JsonArray list:
                    list.RemoveAt(chance.Below(list.Count));
                    break;
            }
        }

        return copy.ToJsonString();
    }

    /// <summary>Gives some name in the text again, right before itself.</summary>
    private static string Twice(string json, Chance chance)
    {
        var names = new List<int>();
        for (var at = json.IndexOf('"', StringComparison.Ordinal); at >= 0; at = json.IndexOf('"', json.IndexOf('"', at + 1) + 1))
        {
            if (json.AsSpan(json.IndexOf('"', at + 1) + 1).StartsWith(":"))
            {
                names.Add(at);
            }
        }

        if (names.Count == 0)
        {
            return json;
        }

        var start = chance.Pick(names);
        var name = json[start..(json.IndexOf('"', start + 1) + 1)];
        return string.Create(CultureInfo.InvariantCulture, $"{json[..start]}{name}:{chance.Pick(OddValues.Json)},{json[start..]}");
    }

    private static byte[] NotUtf8(string marked, Chance chance)
    {
        var bytes = Text(marked.Replace(Mark, "\"a@\"", StringComparison.Ordinal));
        var at = bytes.AsSpan().IndexOf("a@"u8) + 1;
        return [.. bytes[..at], .. OddValues.NotUtf8(chance), .. bytes[(at + 1)..]];
    }

    private static byte[] Flip(byte[] bytes, Chance chance)
    {
        for (var times = 1 + chance.Below(3); times > 0; times--)
        {
            bytes[chance.Below(bytes.Length)] ^= (byte)(1 << chance.Below(8));
        }

        return bytes;
    }

    private static JsonNode? Reverse(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Reverse().Select(member => KeyValuePair.Create(member.Key, Reverse(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Reverse)]),
        _ => node?.DeepClone(),
    };

    /// <summary>Every object and list, from the outermost on.</summary>
    private static IEnumerable<JsonNode> Containers(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Containers(member.Value)).Prepend(node),
        JsonArray list => list.SelectMany(Containers).Prepend(node),
        _ => [],
    };
}
