using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Core.Models;
using CnnService.Engines;
using Microsoft.Extensions.Options;

namespace CnnService.Cli.Commands;

/// <summary>The engines for one command, and how commands tell problems.</summary>
internal static class Engines
{
    private const int Failed = 1;

    /// <summary>Everything but a server; images decoded for training are kept under <paramref name="pixelCache"/>.</summary>
    public static ServiceProvider Create(string? pixelCache = null) => new ServiceCollection()
        .AddSingleton(CommandLineSettings.Read(Environment.GetCommandLineArgs()))
        .AddLogging()
        .AddSingleton<IPictureCache, Pictures.NoCache>()
        .AddCnnEngines(pixelCache ?? Path.Combine(Path.GetTempPath(), "cnn-pixels"))
        .BuildServiceProvider();

    /// <summary>What of the settings breaks a rule (<c>settings.invalid</c>); null where none does.</summary>
    public static Problem? CheckSettings()
    {
        using var services = Create();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return null;
        }
        catch (OptionsValidationException refused)
        {
            return Problem.Invalid("settings.invalid", refused.Message);
        }
    }

    /// <summary>A model folder as <c>train</c> writes it.</summary>
    public static Outcome<LoadedModel> Model(DirectoryInfo folder) => folder.Exists
        ? ModelPackage.Load(folder.Name, 1, folder.FullName)
        : Problem.NotFound("folder.not-found", $"There is no folder '{folder.FullName}'.");

    /// <summary>Prints a problem with all its broken rules; the exit code.</summary>
    public static int Fail(Problem problem)
    {
        Console.Error.WriteLine($"{problem.Code}: {problem.Detail}");
        foreach (var (path, rules) in problem.Errors)
        {
            Console.Error.WriteLine($"  {path}: {string.Join("; ", rules)}");
        }

        return Failed;
    }
}
