using System.Security.Cryptography;
using System.Text;

namespace CnnService.Web.Tests;

/// <summary>Settings with a key for each scope.</summary>
internal static class Keys
{
    public static readonly string[] Scopes = ["read", "classify", "train", "admin"];

    /// <summary>The key of a scope, as its owner would send it.</summary>
    public static string Of(string scope) => $"key-of-{scope}-{new string('x', 32)}";

    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string> { ["AllowedHosts"] = "localhost" };
        foreach (var (scope, index) in Scopes.Select((scope, index) => (scope, index)))
        {
            settings[$"Auth:Keys:{index}:Name"] = scope;
            settings[$"Auth:Keys:{index}:Sha256"] = Hash(Of(scope));
            settings[$"Auth:Keys:{index}:Scopes:0"] = scope;
        }

        return settings;
    }
}
