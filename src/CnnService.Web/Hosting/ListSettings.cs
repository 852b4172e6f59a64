namespace CnnService.Web.Hosting;

/// <summary>
/// Settings that are lists, given as plain values: <c>Host:Roles=api</c> instead of <c>Host:Roles:0=api</c>, several with commas. The
/// configuration binder would ignore a plain value, and with it what was asked for.
/// </summary>
internal static class ListSettings
{
    private static readonly string[] Names = ["Host:Roles", "Worker:Labels", "Datasets:ImportRoots", "Starts:Folders"];

    /// <summary>Adds the elements of plain values to the configuration.</summary>
    public static WebApplicationBuilder AddListSettings(this WebApplicationBuilder builder)
    {
        var keys = builder.Configuration.GetSection("Auth:Keys").GetChildren().Select(key => $"{key.Path}:Scopes");
        var elements = Names.Concat(keys).Select(builder.Configuration.GetSection).SelectMany(Elements).ToDictionary();
        if (elements.Count > 0)
        {
            builder.Configuration.AddInMemoryCollection(elements);
        }

        return builder;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Elements(IConfigurationSection list) =>
        string.IsNullOrWhiteSpace(list.Value) || list.GetChildren().Any()
            ? []
            : list.Value.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select((element, index) => KeyValuePair.Create($"{list.Path}:{index}", (string?)element));
}
