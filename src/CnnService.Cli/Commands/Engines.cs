using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;
using CnnService.Core.Models.Starts;
using CnnService.Engines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace CnnService.Cli.Commands;

/// <summary>Creates the engines for one command.</summary>
internal static class Engines
{
    /// <summary>All engines without a server; images decoded for training are cached in <paramref name="pixelCache"/>.</summary>
    public static ServiceProvider Create(IConfiguration settings, string? pixelCache = null) => new ServiceCollection()
        .AddSingleton(settings)
        .AddLogging()
        .AddSingleton<IImageCache, Images.NoCache>()
        .AddSingleton<IStartImport, StartImport>()
        .AddSingleton<StartLibrary>()
        .AddCnnEngines(pixelCache ?? Path.Combine(Path.GetTempPath(), "cnn-pixels"))
        .BuildServiceProvider();

    /// <summary>The problem of invalid settings (<c>settings.invalid</c>); null if they are valid.</summary>
    public static Problem? CheckSettings(IConfiguration settings)
    {
        using var services = Create(settings);
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

    /// <summary>Loads a model folder as <c>train</c> writes it. Problem: <c>folder.not-found</c> and those of the package.</summary>
    public static Outcome<LoadedModel> LoadModel(DirectoryInfo folder) => folder.Exists
        ? ModelPackage.Load(folder.Name, 1, folder.FullName)
        : Problem.NotFound("folder.not-found", $"There is no folder '{folder.FullName}'.");

    /// <inheritdoc cref="LoadModel(DirectoryInfo)"/>
    public static Outcome<LoadedModel> LoadModel(string folder) => LoadModel(new DirectoryInfo(folder));
}
