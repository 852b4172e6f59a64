using System.CommandLine;
using System.Security.Cryptography;
using System.Text;

namespace CnnService.Cli.Commands;

/// <summary>cnn key new: a key for the service, and the settings that let it in. The key itself is shown once and kept nowhere.</summary>
internal static class KeyCommand
{
    private const int Bytes = 32;

    private static readonly Option<string> Name = new("--name") { Description = "Who it is for; no secret.", Required = true };
    private static readonly Option<string[]> Scopes = new("--scopes") { Description = "read, classify, train, admin.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["read"] };

    public static Command Create()
    {
        var create = new Command("new", "Make a key.") { Name, Scopes };
        create.SetAction(Run);
        return new Command("key", "Keys for the service.") { create };
    }

    private static int Run(ParseResult arguments)
    {
        var key = "cnn_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        Console.WriteLine($"key:    {key}");
        Console.WriteLine($"Auth__Keys__0__Name={arguments.GetValue(Name)}");
        Console.WriteLine($"Auth__Keys__0__Sha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}");
        foreach (var (scope, index) in arguments.GetValue(Scopes)!.Select((scope, index) => (scope, index)))
        {
            Console.WriteLine($"Auth__Keys__0__Scopes__{index}={scope}");
        }

        return 0;
    }
}
