#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// File systems that several machines share. Their maps of files are not the same everywhere at
/// once, and their locks may be of one machine only: a database on them would be damaged.
enum NetworkFileSystem {
  /// Types of mounts. 9p is not among them: virtual machines have folders of their own host by it.
  private static let types: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "coda", "ncpfs", "ceph", "lustre", "beegfs",
    "fuse.sshfs", "fuse.s3fs", "fuse.goofys", "fuse.gcsfuse", "fuse.blobfuse", "fuse.blobfuse2",
    "fuse.rclone", "fuse.glusterfs", "fuse.ceph", "fuse.ceph-fuse", "fuse.juicefs", "fuse.davfs",
    "fuse.davfs2", "fuse.curlftpfs", "fuse.smbnetfs", "fuse.seaweedfs",
  ]

  /// The type of the network file system that the path is on; nil for others and unknown ones.
  /// - Parameter path: of an existing file or folder.
  static func type(at path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return type(mounts: mounts(), device: UInt64(status.st_dev))
  }

  /// - Parameter mounts: the text of /proc/self/mountinfo.
  static func type(mounts: String, device: UInt64) -> String? {
    let place = "\(device >> 8 & 0xFFF):\(device & 0xFF | device >> 12 & 0xFFF00)"
    for line in mounts.split(separator: "\n") {
      // id, parent, device, root, mount point, options, …, "-", type, source, options
      let words = line.split(separator: " ")
      guard words.count > 6, words[2] == place, let separator = words.firstIndex(of: "-"),
        separator + 1 < words.count
      else { continue }
      let type = String(words[separator + 1])
      return types.contains(type) ? type : nil
    }
    return nil
  }

  /// Empty where there is no such file.
  private static func mounts() -> String {
    let file = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var text: [UInt8] = []
    while true {
      let part = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = max(0, read(file, buffer.baseAddress, buffer.count))
      }
      if part.isEmpty { return String(decoding: text, as: UTF8.self) }
      text += part
    }
  }
}
