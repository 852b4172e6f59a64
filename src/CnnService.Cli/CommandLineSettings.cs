using CnnService.Engines;
using Microsoft.Extensions.Configuration;

namespace CnnService.Cli;

/// <summary>
/// Settings of the engines as the service takes them: in the environment (<c>Torch__LibraryPath</c>) or among the arguments
/// (<c>--Torch:LibraryPath=…</c>), which win.
/// </summary>
internal static class CommandLineSettings
{
    /// <summary>The arguments that are settings left out.</summary>
    public static string[] Without(IEnumerable<string> arguments) => [.. arguments.Where(argument => !IsSetting(argument))];

    /// <summary>The environment, and the settings among these arguments.</summary>
    public static IConfiguration Read(IEnumerable<string> arguments) => new ConfigurationBuilder()
        .AddEnvironmentVariables()
        .AddCommandLine([.. arguments.Where(IsSetting)])
        .Build();

    private static bool IsSetting(string argument) =>
        argument.Contains('=', StringComparison.Ordinal)
        && CnnEngines.Sections.Any(section => argument.StartsWith($"--{section}:", StringComparison.OrdinalIgnoreCase));
}
