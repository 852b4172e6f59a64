using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>The text fields that a form may have, for forms that ASP.NET Core reads.</summary>
/// <param name="Names">Their names; files may have any name.</param>
/// <param name="Check">Adds the rules that the values break.</param>
internal sealed record FormFields(IReadOnlyList<string> Names, Action<IFormCollection, ValidationErrors> Check)
{
    private const char Replacement = '\uFFFD';

    /// <summary>Those of them that may be given several times.</summary>
    public IReadOnlyList<string> Repeated { get; init; } = [];

    /// <summary>A form of files only.</summary>
    public static FormFields None { get; } = new([], (_, _) => { });

    /// <summary>
    /// The problem with fields that are unknown, given more than once (of which only one would count), or not UTF-8 text: invalid bytes
    /// arrive as U+FFFD, which no name contains on purpose. Null if there is none.
    /// </summary>
    public Problem? FindProblem(IFormCollection form)
    {
        var errors = new ValidationErrors();
        foreach (var (name, values) in form)
        {
            var shown = ReceivedText.Text(name);
            errors.Require(Names.Contains(name, StringComparer.Ordinal), shown, Names.Count == 0
                ? "is not a field here: the form takes files only, parameters belong in the query"
                : UnknownField.Message(name, [.. Names, "files"]));
            errors.Require(values.Count <= 1 || Repeated.Contains(name), shown, $"must be given once, received {values.Count} times");
            errors.Require(values.All(value => value is null || (!value.Contains(Replacement) && !value.Contains('\0'))), shown,
                "must be UTF-8 text without U+0000 and U+FFFD");
        }

        Check(form, errors);
        return errors.Any ? Problem.Validation(errors) : null;
    }
}
