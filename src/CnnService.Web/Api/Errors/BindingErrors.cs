using System.Text.Json;
using System.Text.RegularExpressions;
using CnnService.Core.Common;

namespace CnnService.Web.Api.Errors;

/// <summary>A part of a path or query that the platform could not read, told as any broken rule is.</summary>
internal static partial class BindingErrors
{
    /// <summary>The problem, with the parameter's name under <c>errors</c>; null where the refusal is about something else.</summary>
    public static Problem? Of(BadHttpRequestException refusal)
    {
        var errors = new ValidationErrors();
        if (Unreadable().Match(refusal.Message) is { Success: true } unreadable)
        {
            errors.Add(Name(unreadable), $"{Rule(unreadable.Groups["type"].Value)}, received \"{Received.Text(unreadable.Groups["value"].Value)}\"");
        }
        else if (Absent().Match(refusal.Message) is { Success: true } absent)
        {
            errors.Add(Name(absent), "must be given");
        }

        return errors.Any ? Problem.Validation(errors) : null;
    }

    /// <summary>As it is written in the query: the platform tells the name of the code.</summary>
    private static string Name(Match match) => JsonNamingPolicy.CamelCase.ConvertName(match.Groups["name"].Value);

    private static string Rule(string type) => type.Replace("Nullable<", string.Empty, StringComparison.Ordinal).TrimEnd('>', '?') switch
    {
        "int" => $"must be a whole number of at most {int.MaxValue}",
        "long" => $"must be a whole number of at most {long.MaxValue}",
        "double" or "float" => "must be a number",
        "bool" => "must be true or false",
        _ => "does not read",
    };

    [GeneratedRegex("""\AFailed to bind parameter "(?<type>\S+) (?<name>\w+)" from "(?<value>.*)"\.\z""", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Unreadable();

    [GeneratedRegex("""\ARequired parameter "(?<type>\S+) (?<name>\w+)" was not provided from """, RegexOptions.CultureInvariant)]
    private static partial Regex Absent();
}
