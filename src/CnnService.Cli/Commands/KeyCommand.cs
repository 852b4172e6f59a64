using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>cnn key new: creates an API key and tells it once with the settings that allow it. The key is not stored.</summary>
internal static class KeyCommand
{
    private const int Bytes = 32;

    private static readonly string[] KnownScopes = ["read", "classify", "train", "admin"];

    private static readonly Option<string> Name = new("--name") { Description = "Name of the key's user; not secret.", Required = true };
    private static readonly Option<string[]> Scopes = new("--scopes")
    {
        Description = "One or more of read, classify, train, admin; train and classify include read, admin includes all.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["read"],
    };

    public static Command Create()
    {
        var create = new Command("new", "Make a key.") { Name, Scopes };
        create.Answers((arguments, context, _) => Task.FromResult(Run(arguments, context)));
        return new Command("key", "Keys for the service.") { create };
    }

    private static Outcome<Answer> Run(ParseResult arguments, CommandContext context)
    {
        string[] scopes = [
            .. arguments.GetValue(Scopes)!.SelectMany(
                scope => scope.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
        if (scopes.Length == 0 || Array.Exists(scopes, scope => !KnownScopes.Contains(scope)))
        {
            return Problem.Invalid("key.scope",
                $"A scope must be one of {string.Join(", ", KnownScopes)}, received '{string.Join(", ", scopes)}'.");
        }

        var key = "cnn_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        var settings = new Dictionary<string, string>
        {
            ["Auth__Keys__0__Name"] = arguments.GetRequiredValue(Name),
            ["Auth__Keys__0__Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
        };
        foreach (var (index, scope) in scopes.Index())
        {
            settings[$"Auth__Keys__0__Scopes__{index}"] = scope;
        }

        return new Answer(new { Key = key, Settings = settings }, text =>
        {
            text.Line($"key:    {key}");
            foreach (var (name, value) in settings)
            {
                text.Line($"{name}={value}");
            }

            context.Report.Note(
                "The key is shown this once. The other lines are settings of the service, as environment variables; name its hosts too: "
                + "AllowedHosts=cnn.example.org");
            context.Report.Note($"Callers send the key: curl -H 'X-Api-Key: {key[..8]}…' https://cnn.example.org/models");
        });
    }
}
