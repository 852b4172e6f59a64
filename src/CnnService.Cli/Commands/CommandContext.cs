using System.CommandLine;
using CnnService.Cli.Reporting;
using Microsoft.Extensions.Configuration;

namespace CnnService.Cli.Commands;

/// <summary>What a verb is given besides its arguments.</summary>
internal sealed class CommandContext : InvocationConfiguration
{
    public required IReport Report { get; init; }

    /// <summary>Settings of the engines.</summary>
    public required IConfiguration Settings { get; init; }

    /// <inheritdoc cref="Engines.Create"/>
    public ServiceProvider CreateEngines(string? pixelCache = null) => Engines.Create(Settings, pixelCache);
}
