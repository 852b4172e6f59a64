#nullable enable
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes font files that lie in the resource <c>!AvaloniaResources</c> of an assembly: four bytes length of the index, then version 2,
/// the number of entries, and for each its path, offset and size; the files begin after the index. Compiled by the build.
/// </summary>
public sealed class ExtractFaces : Task
{
    private const string Resource = "!AvaloniaResources";
    private const int IndexVersion = 2;

    /// <summary>File names, each with the SHA-256 of the file in hex.</summary>
    [Required]
    public ITaskItem[] Faces { get; set; } = Array.Empty<ITaskItem>();

    [Required]
    public string Assembly { get; set; } = "";

    [Required]
    public string Folder { get; set; } = "";

    public override bool Execute()
    {
        using var stream = System.Reflection.Assembly.Load(File.ReadAllBytes(Assembly)).GetManifestResourceStream(Resource);
        if (stream is null)
        {
            Log.LogError($"{Assembly} has no resource {Resource}.");
            return false;
        }

        using var reader = new BinaryReader(stream, Encoding.UTF8);
        var start = sizeof(int) + reader.ReadInt32();
        if (reader.ReadInt32() is var version && version != IndexVersion)
        {
            Log.LogError($"The index of {Resource} has version {version}, not {IndexVersion}.");
            return false;
        }

        Directory.CreateDirectory(Folder);
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (path, offset, size) = (reader.ReadString(), reader.ReadInt32(), reader.ReadInt32());
            var face = Faces.FirstOrDefault(wanted => path.EndsWith("/" + wanted.ItemSpec, StringComparison.Ordinal));
            var next = stream.Position;
            if (face is not null)
            {
                stream.Position = start + offset;
                Write(face, reader.ReadBytes(size));
                stream.Position = next;
            }
        }

        foreach (var missing in Faces.Where(face => !File.Exists(Path.Combine(Folder, face.ItemSpec))))
        {
            Log.LogError($"{Assembly} holds no {missing.ItemSpec}.");
        }

        return !Log.HasLoggedErrors;
    }

    private void Write(ITaskItem face, byte[] file)
    {
        using var sha = SHA256.Create();
        var hash = string.Concat(sha.ComputeHash(file).Select(part => part.ToString("x2")));
        if (hash != face.GetMetadata("Sha256"))
        {
            Log.LogError($"{face.ItemSpec} has the SHA-256 {hash}, not {face.GetMetadata("Sha256")}.");
            return;
        }

        File.WriteAllBytes(Path.Combine(Folder, face.ItemSpec), file);
    }
}
