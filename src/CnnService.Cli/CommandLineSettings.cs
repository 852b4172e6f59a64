using CnnService.Engines;
using Microsoft.Extensions.Configuration;

namespace CnnService.Cli;

/// <summary>
/// Configuration of the engines, as in the service: from environment variables (<c>Torch__LibraryPath</c>) and command-line arguments
/// (<c>--Torch:LibraryPath=…</c>), which take precedence.
/// </summary>
internal static class CommandLineSettings
{
    /// <summary>The arguments without those that are settings.</summary>
    public static string[] RemoveSettings(IEnumerable<string> arguments) => [.. arguments.Where(argument => !IsSetting(argument))];

    /// <summary>The configuration from the environment and those arguments that are settings.</summary>
    public static IConfiguration Read(IEnumerable<string> arguments) => new ConfigurationBuilder()
        .AddEnvironmentVariables()
        .AddCommandLine([.. arguments.Where(IsSetting)])
        .Build();

    private static bool IsSetting(string argument) =>
        argument.Contains('=', StringComparison.Ordinal)
        && CnnEngines.Sections.Any(section => argument.StartsWith($"--{section}:", StringComparison.OrdinalIgnoreCase));
}
