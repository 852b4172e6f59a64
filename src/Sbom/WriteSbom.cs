#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes the packages whose files a build contains as a CycloneDX 1.6 list in JSON: name, version, licence and the hash by which NuGet
/// checked the package. The same packages give the same bytes: no time, no random number. Compiled by the build.
/// </summary>
public sealed class WriteSbom : Task
{
    /// <summary>Files of the build; those with the metadata NuGetPackageId and NuGetPackageVersion count.</summary>
    [Required]
    public ITaskItem[] Assets { get; set; } = [];

    [Required]
    public string PackageRoot { get; set; } = "";

    [Required]
    public string Name { get; set; } = "";

    [Required]
    public string Version { get; set; } = "";

    [Required]
    public string Output { get; set; } = "";

    public override bool Execute()
    {
        var components = Assets
            .Select(file => (Id: file.GetMetadata("NuGetPackageId"), Version: file.GetMetadata("NuGetPackageVersion")))
            .Where(package => package.Id.Length > 0 && package.Version.Length > 0)
            .Distinct()
            .OrderBy(package => package.Id, StringComparer.Ordinal).ThenBy(package => package.Version, StringComparer.Ordinal)
            .Select(package => Component(package.Id, package.Version))
            .ToList();
        var root = Reference(Name, Version);
        var body = new StringBuilder()
            .Append("  \"version\": 1,\n  \"metadata\": {\n    \"component\": {\n      \"type\": \"application\",\n      \"bom-ref\": ")
            .Append(Text(root)).Append(",\n      \"name\": ").Append(Text(Name)).Append(",\n      \"version\": ").Append(Text(Version))
            .Append(",\n      \"licenses\": [{ \"license\": { \"id\": \"MIT\" } }]\n    }\n  },\n  \"components\": [\n")
            .Append(string.Join(",\n", components.Select(component => component.Json)))
            .Append("\n  ],\n  \"dependencies\": [\n    { \"ref\": ").Append(Text(root)).Append(", \"dependsOn\": [")
            .Append(string.Join(", ", components.Select(component => Text(component.Reference)))).Append("] }\n  ]\n}\n")
            .ToString();
        var head = "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"serialNumber\": \"urn:uuid:" + Serial(body)
            + "\",\n";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Output)));
        File.WriteAllText(Output, head + body, new UTF8Encoding(false));
        return !Log.HasLoggedErrors;
    }

    private (string Reference, string Json) Component(string id, string version)
    {
        var reference = Reference(id, version);
        var folder = Path.Combine(PackageRoot, id.ToLowerInvariant(), version.ToLowerInvariant());
        var hash = Path.Combine(folder, id.ToLowerInvariant() + "." + version.ToLowerInvariant() + ".nupkg.sha512");
        var json = new StringBuilder("    {\n      \"type\": \"library\",\n      \"bom-ref\": ").Append(Text(reference))
            .Append(",\n      \"name\": ").Append(Text(id)).Append(",\n      \"version\": ").Append(Text(version))
            .Append(",\n      \"purl\": ").Append(Text(reference));
        if (File.Exists(hash))
        {
            json.Append(",\n      \"hashes\": [{ \"alg\": \"SHA-512\", \"content\": ")
                .Append(Text(Hex(Convert.FromBase64String(File.ReadAllText(hash).Trim())))).Append(" }]");
        }

        if (License(folder) is { } license)
        {
            json.Append(",\n      \"licenses\": [").Append(license).Append(']');
        }

        return (reference, json.Append("\n    }").ToString());
    }

    /// <summary>The licence that the package declares: an SPDX expression, a file, or an address. Null if it declares none.</summary>
    private static string? License(string folder)
    {
        var file = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.nuspec").FirstOrDefault() : null;
        if (file is null)
        {
            return null;
        }

        var nuspec = new XmlDocument();
        nuspec.Load(file);
        var license = nuspec.SelectSingleNode("/*/*[local-name()='metadata']/*[local-name()='license']");
        var address = nuspec.SelectSingleNode("/*/*[local-name()='metadata']/*[local-name()='licenseUrl']");
        return license?.Attributes?["type"]?.Value == "expression" ? "{ \"expression\": " + Text(license.InnerText) + " }"
            : license is not null ? "{ \"license\": { \"name\": " + Text("in the package: " + license.InnerText) + " } }"
            : address is not null ? "{ \"license\": { \"name\": \"at its address\", \"url\": " + Text(address.InnerText) + " } }"
            : null;
    }

    private static string Reference(string id, string version) =>
        "pkg:nuget/" + Uri.EscapeDataString(id) + "@" + Uri.EscapeDataString(version);

    /// <summary>A UUID of the content, so that equal lists have equal numbers (version 8: the maker's own).</summary>
    private static string Serial(string body)
    {
        using var sha = SHA256.Create();
        var bytes = sha.ComputeHash(Encoding.UTF8.GetBytes(body));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        var hex = Hex(bytes);
        return string.Join(
            "-", hex.Substring(0, 8), hex.Substring(8, 4), hex.Substring(12, 4), hex.Substring(16, 4), hex.Substring(20, 12));
    }

    private static string Hex(byte[] bytes) => string.Concat(bytes.Select(value => value.ToString("x2")));

    private static string Text(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var letter in text)
        {
            json.Append(letter is '"' or '\\' ? "\\" + letter : letter < ' ' ? "\\u" + ((int)letter).ToString("x4") : letter.ToString());
        }

        return json.Append('"').ToString();
    }
}
